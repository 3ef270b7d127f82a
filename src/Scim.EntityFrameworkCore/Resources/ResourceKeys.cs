using System.Text.Json.Nodes;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;
using Scim.Json;
using Scim.Paths;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>Fills the key columns of a row from its document.</summary>
internal static class ResourceKeys
{
    private const string ExternalId = "externalId";
    private const string DisplayName = "displayName";
    private const string Active = "active";

    /// <summary>Writes the document and everything that is derived from it into the row.</summary>
    /// <exception cref="ScimException">400 when a value is too long for its index, or the whole is too large.</exception>
    public static void Fill(ResourceRow row, ResourceDocument document, ScimLimits limits)
    {
        var type = document.Type;
        var unique = type.UniqueAttribute is { } attribute ? Text(document, attribute.Name) : null;
        var displayName = type.Schema.Find(DisplayName) is null ? null : Text(document, DisplayName);

        row.UniqueKey = Key(type.UniqueAttribute?.Name, unique is null ? null : Folding.Fold(type.UniqueAttribute!, unique), limits);
        row.ExternalId = Key(ExternalId, Text(document, ExternalId) is { } externalId ? Folding.Normalize(externalId) : null, limits);
        row.Display = displayName ?? unique;

        // Where upper and lower case count in the unique key, what is shown needs a folded form beside it.
        var folded = displayName ?? (type.UniqueAttribute is { CaseExact: true } ? unique : null);
        row.DisplayNameKey = Key(DisplayName, folded is null ? null : Folding.Fold(folded), limits);
        row.Active = type.Schema.Find(Active) is not null && document.Root[Active] is JsonValue value && value.TryGetValue<bool>(out var active) ? active : null;
        row.ReferenceId = ReferenceOf(document);
        row.Document = document.ToUtf8();
        row.Search = SearchDocument.Build(document, row.TenantId);
        if (row.Document.Length > limits.MaxResourceBytes)
        {
            throw ScimErrors.PayloadTooLarge($"A resource may have at most {limits.MaxResourceBytes} bytes without its members; this one has {row.Document.Length}.");
        }
    }

    /// <summary>The attribute by which resources of the type refer to another resource (a user's manager), or null.</summary>
    public static ResolvedPath? ReferenceAttribute(ResourceType type)
    {
        if (type.Schema.Attributes.FirstOrDefault(a => a.IsResourceReference) is { } core)
        {
            return new ResolvedPath(type, null, core, null);
        }

        foreach (var extension in type.Extensions)
        {
            if (extension.Schema.Attributes.FirstOrDefault(a => a.IsResourceReference) is { } attribute)
            {
                return new ResolvedPath(type, extension.Schema, attribute, null);
            }
        }

        return null;
    }

    /// <summary>Takes the reference to another resource out of a document.</summary>
    public static void RemoveReference(ResourceDocument document, ResolvedPath reference)
    {
        if (reference.Extension is null)
        {
            document.Root.Remove(reference.Attribute!.Name);
        }
        else if (document.Root[reference.Extension.Id] is { } data)
        {
            data.AsObject().Remove(reference.Attribute!.Name);
            if (data.AsObject().Count == 0)
            {
                document.Root.Remove(reference.Extension.Id);
            }
        }
    }

    private static Guid? ReferenceOf(ResourceDocument document)
    {
        if (ReferenceAttribute(document.Type) is not { } path)
        {
            return null;
        }

        var owner = path.Extension is null ? document.Root : document.Root[path.Extension.Id];
        var value = JsonText.AsString(owner?[path.Attribute!.Name]?["value"]);
        return ResourceId.TryParse(value, out var id) ? id : null;
    }

    private static string? Text(ResourceDocument document, string name) => JsonText.AsString(document.Root[name]);

    private static string? Key(string? name, string? folded, ScimLimits limits) =>
        folded is { } value && value.Length > limits.MaxKeyLength
            ? throw ScimErrors.InvalidValue($"{name} may have at most {limits.MaxKeyLength} characters.")
            : folded;
}
