using System.Diagnostics;
using System.Globalization;

namespace ScimServer.Tests.Infrastructure;

/// <summary>
/// A private PostgreSQL cluster in a temporary folder, stopped and removed when the run ends. PostgreSQL refuses to
/// run as root, so root hands it to another user.
/// </summary>
internal static class PostgreSqlCluster
{
    private static readonly string[] Users = ["postgres", "nobody"];

    /// <summary>Starts the cluster and gives a connection string to its database <c>postgres</c>.</summary>
    public static async Task<string> StartAsync(string binaries)
    {
        var root = Directory.CreateTempSubdirectory("scim-postgres-").FullName;
        var user = Environment.UserName == "root" ? Users.First(UserExists) : null;
        if (user is not null)
        {
            await RunAsync(null, "chown", "-R", user, root);
        }

        var data = Path.Combine(root, "data");
        var port = PostgreSqlServer.FreePort().ToString(CultureInfo.InvariantCulture);
        await RunAsync(user, Path.Combine(binaries, "initdb"), "-D", data, "-U", "scim", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N");
        TestRun.OnEnd(() => Stop(user, binaries, data, root));
        var settings = $"-p {port} -k {root} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=1000 -c jit=off";
        await RunAsync(user, Path.Combine(binaries, "pg_ctl"), "-D", data, "-l", Path.Combine(root, "log"), "-w", "-o", settings, "start");
        return $"Host=127.0.0.1;Port={port};Username=scim;Database=postgres";
    }

    private static void Stop(string? user, string binaries, string data, string root)
    {
        RunAsync(user, Path.Combine(binaries, "pg_ctl"), "-D", data, "-m", "immediate", "stop").GetAwaiter().GetResult();
        Directory.Delete(root, recursive: true);
    }

    private static bool UserExists(string user) =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith(user + ":", StringComparison.Ordinal));

    private static async Task RunAsync(string? user, string program, params string[] arguments)
    {
        // Output goes nowhere: the server would inherit a pipe and keep it open for ever.
        string[] command = user is null ? [program, .. arguments] : ["runuser", "-u", user, "--", program, .. arguments];
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = Path.GetTempPath() };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$0\" \"$@\" >/dev/null 2>&1");
        foreach (var part in command)
        {
            start.ArgumentList.Add(part);
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
        }
    }
}
