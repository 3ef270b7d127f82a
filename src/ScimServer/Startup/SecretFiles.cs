using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.FileProviders;

namespace ScimServer.Startup;

/// <summary>
/// Settings in files, a file for each, as orchestrators hand over secrets: the file's name is that of the setting, with <c>__</c> for <c>:</c>
/// (<c>ConnectionStrings__ScimServer</c>). Environment variables and arguments win over them.
/// </summary>
internal static class SecretFiles
{
    private const string Setting = "Secrets:Folder";

    /// <summary>Where Docker and Podman put them.</summary>
    private const string DefaultFolder = "/run/secrets";

    /// <exception cref="StartupException">The folder that is set does not exist, or a file cannot be read.</exception>
    public static void AddSecretFiles(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var chosen = configuration[Setting];
        var folder = string.IsNullOrWhiteSpace(chosen) ? DefaultFolder : Path.GetFullPath(chosen, builder.Environment.ContentRootPath);
        if (!Directory.Exists(folder))
        {
            if (!string.IsNullOrWhiteSpace(chosen))
            {
                throw new StartupException($"{Setting} is {folder}, which is no folder.");
            }

            return;
        }

        var before = configuration.Sources.Select((source, index) => (source, index))
            .LastOrDefault(entry => entry.source is EnvironmentVariablesConfigurationSource { Prefix: null or "" });
        try
        {
            configuration.Sources.Insert(before.source is null ? configuration.Sources.Count : before.index, new KeyPerFileConfigurationSource
            {
                FileProvider = new PhysicalFileProvider(folder),
                Optional = true,
                ReloadOnChange = false,
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the secrets in {folder} cannot be read: {exception.Message}", exception);
        }
    }
}
