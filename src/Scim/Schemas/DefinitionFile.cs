using System.Text.Json;

namespace Scim.Schemas;

/// <summary>
/// Reads a file of definitions: a Schema or ResourceType resource, an array of them, or a ListResponse as /Schemas and
/// /ResourceTypes answer it (RFC 7644 §3.4.2).
/// </summary>
internal sealed class DefinitionFile
{
    private const string Resources = "Resources";

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    private readonly List<string> faults;

    /// <summary>A reader that notes what is wrong in the list.</summary>
    public DefinitionFile(List<string> faults) => this.faults = faults;

    /// <summary>The schemas that were read.</summary>
    public List<SchemaDefinition> Schemas { get; } = [];

    /// <summary>The resource types that were read.</summary>
    public List<ResourceTypeDefinition> ResourceTypes { get; } = [];

    /// <summary>Reads one file.</summary>
    public void Read(SchemaFile file)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(file.Utf8, Options);
            root = document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            faults.Add($"{file.Name}: is not valid JSON: {exception.Message}");
            return;
        }

        if (root.ValueKind == JsonValueKind.Array)
        {
            ReadAll(root, file.Name, pointer: "");
        }
        else if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(Resources, out var resources) && resources.ValueKind == JsonValueKind.Array)
        {
            ReadAll(resources, file.Name, $"/{Resources}");
        }
        else
        {
            ReadOne(root, file.Name, pointer: "");
        }
    }

    private void ReadAll(JsonElement array, string file, string pointer)
    {
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            ReadOne(item, file, $"{pointer}/{index++}");
        }
    }

    private void ReadOne(JsonElement element, string file, string pointer)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"{file}#{pointer}: must be a Schema or a ResourceType: an object.");
            return;
        }

        var source = new DefinitionObject(element, file, pointer, faults);
        if (IsOf(source, SchemaUrns.ResourceType, "endpoint"))
        {
            ResourceTypes.Add(ReadResourceType(source));
        }
        else if (IsOf(source, SchemaUrns.Schema, "attributes"))
        {
            Schemas.Add(SchemaReader.Read(source));
        }
        else
        {
            source.Fault(null, $"is neither a Schema nor a ResourceType: \"schemas\" must hold {SchemaUrns.Schema} or {SchemaUrns.ResourceType}.");
        }
    }

    /// <summary>By its schemas; the examples of RFC 7643 §8.7 have none, and only one kind has the member.</summary>
    private static bool IsOf(DefinitionObject source, string urn, string member) =>
        source.Has("schemas") ? source.Texts("schemas").Contains(urn, StringComparer.OrdinalIgnoreCase) : source.Has(member);

    private static ResourceTypeDefinition ReadResourceType(DefinitionObject source)
    {
        source.AllowOnly("schemas", "id", "name", "description", "endpoint", "schema", "schemaExtensions", "meta");
        var name = source.Text("name");
        if (source.OptionalText("id") is { } id && id != name)
        {
            source.Fault("id", $"must be the same as the name, \"{name}\", or be left out.");
        }

        var extensions = new List<ExtensionDefinition>();
        foreach (var extension in source.Objects("schemaExtensions"))
        {
            extension.AllowOnly("schema", "required");
            extensions.Add(new ExtensionDefinition(extension, extension.Text("schema"), extension.Flag("required")));
        }

        var endpoint = source.Text("endpoint");
        return new ResourceTypeDefinition(
            source,
            name,
            endpoint.StartsWith('/') ? endpoint : $"/{endpoint}",
            source.OptionalText("description") ?? "",
            source.Text("schema"),
            extensions);
    }
}
