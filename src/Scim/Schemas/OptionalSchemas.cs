using System.Reflection;

namespace Scim.Schemas;

/// <summary>The sets of schemas and resource types that the server brings, each a file in <c>Definitions/Optional</c>.</summary>
public static class OptionalSchemas
{
    private const string Folder = "Scim.Schemas.Definitions.Optional.";
    private const string Suffix = ".json";

    /// <summary>The names by which they are switched on.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The files of the sets that are switched on, in the order of their names.</summary>
    /// <exception cref="ArgumentException">There is no such set.</exception>
    internal static IEnumerable<SchemaFile> Files(SchemaOptions options)
    {
        var enabled = new HashSet<string>(options.Enabled, StringComparer.OrdinalIgnoreCase);
        if (enabled.FirstOrDefault(name => !Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new ArgumentException($"There is no schema set \"{unknown}\". The sets are {string.Join(", ", Names)}.", nameof(options));
        }

        return Names.Where(enabled.Contains).Select(name => new SchemaFile(name + Suffix, Read(Folder + name + Suffix)));
    }

    private static byte[] Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
