namespace ScimServer.Startup;

/// <summary>
/// Where the configuration and the embedded database are: the working directory when it has the configuration, as in
/// development and in a container, else the folder of the program, so that it can be started from anywhere.
/// <c>--contentRoot</c> names another.
/// </summary>
internal static class ServerFolder
{
    private const string ConfigurationFile = "appsettings.json";

    /// <summary>The folder, or null where the framework's own choice is right.</summary>
    public static string? Find(string[] args)
    {
        var isChosen = args.Any(arg => arg.StartsWith("--contentRoot", StringComparison.OrdinalIgnoreCase));
        return isChosen || File.Exists(Path.GetFullPath(ConfigurationFile)) ? null : AppContext.BaseDirectory;
    }
}
