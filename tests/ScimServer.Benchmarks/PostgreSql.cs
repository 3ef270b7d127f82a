using System.Diagnostics;
using System.Globalization;

namespace ScimServer.Benchmarks;

/// <summary>
/// The PostgreSQL that is measured: a given one, or a private cluster that is removed afterwards. The private one commits to
/// the disk, as in production.
/// </summary>
internal sealed class PostgreSql : IAsyncDisposable
{
    private const string Settings = "-c listen_addresses=127.0.0.1 -c shared_buffers=2GB -c max_wal_size=8GB -c max_connections=200";

    private readonly string? binaries;
    private readonly string? root;

    private PostgreSql(string connectionString, string? binaries = null, string? root = null)
    {
        ConnectionString = connectionString;
        this.binaries = binaries;
        this.root = root;
    }

    public string ConnectionString { get; }

    // PostgreSQL refuses to run as root, so root hands it to another user.
    private static bool IsRoot => Environment.UserName == "root";

    public static async Task<PostgreSql> OpenAsync(string? given)
    {
        if (given is not null)
        {
            return new PostgreSql(given);
        }

        var root = Directory.CreateTempSubdirectory("scim-benchmark-").FullName;
        if (IsRoot)
        {
            await RunAsync("chown", "postgres", root);
        }

        var port = ServerProcess.FreePort();
        var cluster = new PostgreSql($"Host=127.0.0.1;Port={port.ToString(CultureInfo.InvariantCulture)};Username=scim;Database=postgres", Binaries(), root);
        await cluster.RunOwnAsync("initdb", "-U", "scim", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8");
        await cluster.RunOwnAsync("pg_ctl", "-l", Path.Combine(root, "log"), "-w", "-o", $"-p {port.ToString(CultureInfo.InvariantCulture)} -k {root} {Settings}", "start");
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        if (root is not null)
        {
            await RunOwnAsync("pg_ctl", "-m", "fast", "stop");
            Directory.Delete(root, recursive: true);
        }
    }

    private static string Binaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin")) : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.Concat(path).LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException("No PostgreSQL is installed: install it, or give --postgres.");
    }

    private Task RunOwnAsync(string program, params string[] arguments)
    {
        string[] command = [Path.Combine(binaries!, program), "-D", Path.Combine(root!, "data"), .. arguments];
        return IsRoot ? RunAsync("runuser", ["-u", "postgres", "--", .. command]) : RunAsync(command[0], command[1..]);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Output goes nowhere: the server would inherit a pipe and keep it open for ever.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
