using System.CommandLine;

namespace ScimServer.Cli;

/// <summary><c>--tenant</c>, for the commands that are about one tenant.</summary>
internal static class TenantOption
{
    public static Option<string> Create() => new("--tenant") { Description = "The tenant.", Required = true };
}
