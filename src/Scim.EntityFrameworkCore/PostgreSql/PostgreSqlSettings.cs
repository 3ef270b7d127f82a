using System.Data.Common;
using Npgsql;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <summary>The settings of a connection that the server relies on, where the connection string leaves them open.</summary>
internal static class PostgreSqlSettings
{
    /// <summary>More than there are kinds of statements on the hot paths; filters of clients come and go in the rest.</summary>
    private const int PreparedStatements = 100;

    /// <summary>The connection string with the settings.</summary>
    public static string Complete(string connectionString)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };

        // A statement that is given up is not waited for: its connection is dropped. PostgreSQL answers a COMMIT that is cancelled while it
        // waits for a standby with success, though no standby has it.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { CancellationTimeout = -1 };

        // What is repeated is parsed and planned once per connection. Behind a pooler that cannot carry prepared statements
        // an operator writes 0.
        if (!IsGiven(given, "Max Auto Prepare"))
        {
            settings.MaxAutoPrepare = PreparedStatements;
        }

        if (!IsGiven(given, "Auto Prepare Min Usages"))
        {
            settings.AutoPrepareMinUsages = 2;
        }

        // Nothing is ever set on a connection beyond its transaction, so there is nothing to reset.
        if (!IsGiven(given, "No Reset On Close"))
        {
            settings.NoResetOnClose = true;
        }

        return settings.ConnectionString;
    }

    /// <summary>Npgsql takes its keywords with and without blanks.</summary>
    private static bool IsGiven(DbConnectionStringBuilder given, string keyword) =>
        given.ContainsKey(keyword) || given.ContainsKey(keyword.Replace(" ", "", StringComparison.Ordinal));
}
