using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Paths;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>
/// Remembers which operation left a required attribute without a value, so that the refusal can name it. Only the end
/// counts: an operation further on may give the attribute a value again (ENTRA-74).
/// </summary>
internal sealed class RequiredAttributes
{
    private readonly List<ResolvedPath> paths;
    private readonly SortedDictionary<string, (int Index, PatchOperationKind Kind)> lost = new(StringComparer.Ordinal);

    public RequiredAttributes(ResourceDocument before) =>
        paths = [.. All(before.Type).Where(path => HasValue(before, path))];

    /// <summary>Looks at the document after an operation.</summary>
    public void Note(ResourceDocument document, PatchOperationKind kind, int index)
    {
        foreach (var path in paths)
        {
            if (HasValue(document, path) || IsWithoutExtension(document, path))
            {
                lost.Remove(path.ToString());
            }
            else
            {
                lost.TryAdd(path.ToString(), (index, kind));
            }
        }
    }

    /// <summary>
    /// "If an attribute is removed … and is defined as a required attribute …, the server SHALL return … mutability"
    /// (RFC 7644 §3.5.2.2). An empty value in its place is a required value that is missing (§3.12).
    /// </summary>
    public void Check()
    {
        foreach (var (path, (index, kind)) in lost)
        {
            var detail = $"{path} is required and cannot be without a value.";
            throw (kind == PatchOperationKind.Remove ? ScimErrors.Mutability(detail) : ScimErrors.InvalidValue(detail)).In(index);
        }
    }

    private static IEnumerable<ResolvedPath> All(ResourceType type) =>
        Of(type, null, type.Schema).Concat(type.Extensions.SelectMany(extension => Of(type, extension.Schema, extension.Schema)));

    private static IEnumerable<ResolvedPath> Of(ResourceType type, Schema? extension, Schema schema) =>
        schema.Attributes
            .Where(attribute => attribute is { Required: true, Relation: Relation.None })
            .Select(attribute => new ResolvedPath(type, extension, attribute, null));

    private static bool HasValue(ResourceDocument document, ResolvedPath path) =>
        Owner(document, path)?.ContainsKey(path.Attribute!.Name) == true;

    /// <summary>An extension that is removed whole takes its required attributes with it.</summary>
    private static bool IsWithoutExtension(ResourceDocument document, ResolvedPath path) => Owner(document, path) is null;

    private static JsonObject? Owner(ResourceDocument document, ResolvedPath path) =>
        path.Extension is null ? document.Root : document.Root[path.Extension.Id] as JsonObject;
}
