using Scim.Schemas;

namespace ScimServer.Startup;

/// <summary>Builds the registry of schemas from what the server brings and from the operator's folder.</summary>
internal static class SchemaFolder
{
    private const string Setting = "Scim:Schemas:Folder";

    /// <param name="options">The options; a relative folder is taken from <paramref name="contentRoot"/>.</param>
    /// <param name="contentRoot">The server's folder.</param>
    /// <exception cref="StartupException">The folder cannot be read, or its files cannot be served.</exception>
    public static SchemaRegistry CreateRegistry(SchemaOptions options, string contentRoot)
    {
        try
        {
            return SchemaRegistry.Create(options, string.IsNullOrWhiteSpace(options.Folder) ? [] : Read(Path.GetFullPath(options.Folder, contentRoot)));
        }
        catch (SchemaDefinitionException exception)
        {
            throw new StartupException($"the schemas cannot be served.{Environment.NewLine}  {string.Join($"{Environment.NewLine}  ", exception.Faults)}", exception);
        }
    }

    /// <summary>Files are read in the order of their names, so that every instance lists the same.</summary>
    private static List<SchemaFile> Read(string folder)
    {
        try
        {
            var files = Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).ToList();
            return files.Count > 0
                ? files.ConvertAll(file => new SchemaFile(Path.GetFileName(file), File.ReadAllBytes(file)))
                : throw new StartupException($"{Setting} is {folder}, which has no *.json file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{Setting} cannot be read: {exception.Message}", exception);
        }
    }
}
