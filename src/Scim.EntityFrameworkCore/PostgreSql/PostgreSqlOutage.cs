using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <summary>Tells from an error that there is no PostgreSQL to work with at the moment: it is down, starts, fails over, is too busy, or did not answer in time.</summary>
internal static class PostgreSqlOutage
{
    private const string ConnectionExceptions = "08";
    private const string IdleSessionTimeout = "57P05";

    /// <summary>The driver's words, which have no code, where none of several hosts is what the connection string asks for.</summary>
    private const string NoHost = "No suitable host was found";

    /// <summary>Whether the error is one.</summary>
    public static bool Is(DbException error) => error.SqlState is { } state ? IsOutage(state) : error is NpgsqlException && IsOfConnection(error);

    private static bool IsOutage(string state) => state.StartsWith(ConnectionExceptions, StringComparison.Ordinal) || state
        is PostgresErrorCodes.AdminShutdown
        or PostgresErrorCodes.CrashShutdown
        or PostgresErrorCodes.CannotConnectNow
        or IdleSessionTimeout
        or PostgresErrorCodes.ReadOnlySqlTransaction
        or PostgresErrorCodes.TooManyConnections
        or PostgresErrorCodes.InsufficientResources
        or PostgresErrorCodes.OutOfMemory;

    private static bool IsOfConnection(DbException error) => error.InnerException switch
    {
        null => error.Message.StartsWith(NoHost, StringComparison.Ordinal),
        AggregateException hosts => hosts.InnerExceptions.Any(IsCause),
        { } inner => IsCause(inner),
    };

    private static bool IsCause(Exception exception) => exception is SocketException or IOException or TimeoutException || (exception is DbException inner && Is(inner));
}
