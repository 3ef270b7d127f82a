using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Testcontainers.PostgreSql;

namespace ScimServer.Tests.Infrastructure;

/// <summary>
/// A PostgreSQL for the tests of this run: the one that SCIM_TEST_POSTGRES names, else a private cluster from an installed
/// PostgreSQL, else a container.
/// </summary>
internal static class PostgreSqlServer
{
    private static readonly Lazy<Task<string>> Server = new(StartAsync);

    /// <summary>The password of roles that tests create, for servers that ask for one.</summary>
    public const string RolePassword = "scim-test-role";

    /// <summary>The server, as the role that may create databases.</summary>
    public static Task<string> ConnectionStringAsync() => Server.Value;

    /// <summary>Creates a database, empty unless the clauses say otherwise, and gives its connection string.</summary>
    /// <exception cref="SkipException">There is no PostgreSQL; with CI=true an <see cref="InvalidOperationException"/> instead.</exception>
    public static async Task<string> CreateDatabaseAsync(string clauses = "", string? role = null)
    {
        var server = new NpgsqlConnectionStringBuilder(await Server.Value);
        var name = $"scim_test_{Guid.NewGuid():N}";
        await using (var connection = new NpgsqlConnection(server.ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = $"CREATE DATABASE {name} {clauses}";
            await command.ExecuteNonQueryAsync();
        }

        server.Database = name;
        server.MaxPoolSize = 60;

        // Pools outlive the servers of single tests.
        (server.ConnectionIdleLifetime, server.ConnectionPruningInterval) = (10, 5);
        if (role is not null)
        {
            (server.Username, server.Password) = (role, RolePassword);
        }

        return server.ConnectionString;
    }

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("SCIM_TEST_POSTGRES") is { Length: > 0 } given)
        {
            return given;
        }

        if (PostgreSqlBinaries.Find() is { } binaries)
        {
            return await PostgreSqlCluster.StartAsync(binaries);
        }

        if (await TryStartContainerAsync() is { } container)
        {
            return container;
        }

        const string Reason = "No PostgreSQL: set SCIM_TEST_POSTGRES to a connection string, install PostgreSQL, or start Docker.";
        throw Environment.GetEnvironmentVariable("CI") == "true" ? new InvalidOperationException(Reason) : new SkipException(Reason);
    }

    private static async Task<string?> TryStartContainerAsync()
    {
        if (!File.Exists("/var/run/docker.sock") && Environment.GetEnvironmentVariable("DOCKER_HOST") is null && !OperatingSystem.IsWindows())
        {
            return null;
        }

        try
        {
            var container = new PostgreSqlBuilder("postgres:17").Build();
            await container.StartAsync();
            return container.GetConnectionString();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever keeps Docker from answering, the caller says what else can be done.
            Trace.WriteLine(error);
            return null;
        }
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
