using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.PostgreSql;
using Scim.EntityFrameworkCore.Sqlite;

namespace ScimServer.Tests.Outages;

/// <summary>What of the errors of a database is an outage.</summary>
public sealed class OutageErrorTests
{
    [Theory]
    [InlineData("08000", true)]
    [InlineData("08006", true)]
    [InlineData("08P01", true)]
    [InlineData("25006", true)]
    [InlineData("53200", true)]
    [InlineData("53300", true)]
    [InlineData("57P01", true)]
    [InlineData("57P02", true)]
    [InlineData("57P03", true)]
    [InlineData("57P05", true)]
    [InlineData("23505", false)]
    [InlineData("28P01", false)]
    [InlineData("3D000", false)]
    [InlineData("40001", false)]
    [InlineData("42P01", false)]
    [InlineData("42501", false)]
    public void A_code_of_PostgreSQL_is_an_outage_or_not(string code, bool isOutage) =>
        Assert.Equal(isOutage, IsOutage(new PostgresException("words", "FATAL", "FATAL", code)));

    public static TheoryData<string, NpgsqlException, bool> WithoutCode => new()
    {
        { "refused", new("Failed to connect to 127.0.0.1:5432", new SocketException(111)), true },
        { "reset", new("Exception while reading from stream", new IOException("reset", new SocketException(104))), true },
        { "closed", new("Exception while reading from stream", new EndOfStreamException()), true },
        { "silent", new("Exception while reading from stream", new TimeoutException()), true },
        { "no primary", new("No suitable host was found."), true },
        { "hosts away", new("Unable to connect to a suitable host.", new AggregateException(new NpgsqlException("Failed to connect", new SocketException(111)))), true },
        { "hosts starting", new("Unable to connect to a suitable host.", new AggregateException(new PostgresException("words", "FATAL", "FATAL", "57P03"))), true },
        { "hosts refuse", new("Unable to connect to a suitable host.", new AggregateException(new PostgresException("words", "FATAL", "FATAL", "28P01"))), false },
        { "no password", new("No password has been provided but the backend requires one"), false },
        { "certificate", new("Exception while performing SSL handshake", new System.Security.Authentication.AuthenticationException()), false },
    };

    [Theory]
    [MemberData(nameof(WithoutCode))]
    public void An_error_without_a_code_is_an_outage_when_it_is_one_of_the_connection(string name, DbException error, bool isOutage) =>
        Assert.True(IsOutage(error) == isOutage, name);

    /// <summary>EF Core wraps what it takes for transient, and what a save meets.</summary>
    [Fact]
    public void The_error_is_found_in_what_wraps_it_and_told_with_its_cause()
    {
        var error = new NpgsqlException("Exception while reading from stream", new TimeoutException("Timeout during reading attempt"));

        Assert.Same(error, DatabaseOutage.ErrorIn(new InvalidOperationException("likely transient", new DbUpdateException("see the inner exception", error))));
        Assert.Null(DatabaseOutage.ErrorIn(new InvalidOperationException()));
        Assert.Equal("Exception while reading from stream Timeout during reading attempt", DatabaseOutage.Describe(error));
    }

    /// <summary>A file that another process writes to is not away.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(14)]
    public void An_error_of_SQLite_is_none(int code)
    {
        using var dialect = new SqliteDialect();
        Assert.NotEqual(DatabaseFault.Unavailable, dialect.Classify(new SqliteException("words", code)));
    }

    /// <summary>https://sqlite.org/rescode.html#full</summary>
    [Fact]
    public void A_full_disk_is_told_apart()
    {
        using var sqlite = new SqliteDialect();
        Assert.Equal(DatabaseFault.Full, sqlite.Classify(new SqliteException("words", 13)));
        Assert.Equal(DatabaseFault.Full, new PostgreSqlDialect().Classify(new PostgresException("words", "ERROR", "ERROR", "53100")));
    }

    private static bool IsOutage(DbException error) => new PostgreSqlDialect().Classify(error) == DatabaseFault.Unavailable;
}
