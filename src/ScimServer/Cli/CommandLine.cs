using System.CommandLine;

namespace ScimServer.Cli;

/// <summary>
/// The commands for operators, on the same executable as the server. They read the same configuration, work directly on the
/// database, and may be used while servers run.
/// </summary>
internal static class CommandLine
{
    private const string ProjectFile = "ScimServer.csproj";

    /// <summary>How this executable was started, to be put before a command in texts for operators.</summary>
    public static string Invocation
    {
        get
        {
            if (File.Exists(Path.GetFullPath(ProjectFile)))
            {
                return "dotnet run --project src/ScimServer --";
            }

            var program = Path.GetFileNameWithoutExtension(Environment.ProcessPath);
            return program is null or "dotnet" ? "dotnet ScimServer.dll" : $"./{program}";
        }
    }

    /// <summary>Whether the arguments are a command; settings such as <c>--urls</c>, and none at all, start the server.</summary>
    public static bool Handles(string[] args) =>
        args is [var first, ..] && (!first.StartsWith('-') || first is "--help" or "-h" or "-?" or "--version");

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code of the process.</returns>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, new InvocationConfiguration());

    internal static Task<int> RunAsync(string[] args, InvocationConfiguration configuration) => Root().Parse(args).InvokeAsync(configuration);

    private static RootCommand Root() => new(
        """
        ScimServer, a SCIM 2.0 service provider.

        Without a command it runs the server. Settings come from appsettings.json, from files in /run/secrets (one per
        setting), from environment variables (Database__Provider, ConnectionStrings__ScimServer, …) and, for the server,
        from arguments (--urls http://…).
        """)
    {
        TokenCommands.Create(),
        ClientCommands.Create(),
        TenantCommands.Create(),
        UserCommands.Create(),
        LogCommands.Create(),
        EventCommands.Create(),
        WebhookCommands.Create(),
        StreamCommands.Create(),
        DatabaseCommands.Create(),
        HealthCommand.Create(),
    };
}
