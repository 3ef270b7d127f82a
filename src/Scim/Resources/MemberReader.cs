using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>Reads member values (RFC 7643 §4.2): only <c>value</c> counts, or <c>$ref</c> where there is none; display and type are computed.</summary>
public static class MemberReader
{
    /// <summary>The ids of an array of members, without duplicates; empty when the value is null or empty.</summary>
    /// <exception cref="ScimException">400 invalidValue.</exception>
    public static IReadOnlyList<string> Read(SchemaAttribute members, JsonNode? value, ReferenceAddresses references)
    {
        if (value is null || value.GetValueKind() == JsonValueKind.Null)
        {
            return [];
        }

        if (value is not JsonArray array)
        {
            throw ScimErrors.InvalidValue($"{members} must be an array, not {JsonText.Describe(value)}.");
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var ids = new List<string>(array.Count);
        foreach (var item in array)
        {
            var id = ReadId(members, references.Complete(members, item));
            if (seen.Add(id))
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    private static string ReadId(SchemaAttribute members, JsonNode? item)
    {
        if (item is not JsonObject member)
        {
            throw ScimErrors.InvalidValue($"Each of {members} must be an object with a value, not {JsonText.Describe(item)}.");
        }

        foreach (var (name, value) in member)
        {
            if (name.Equals("value", StringComparison.OrdinalIgnoreCase))
            {
                return JsonText.AsString(value) is { Length: > 0 } id
                    ? id
                    : throw ScimErrors.InvalidValue($"{members}.value must be the id of a resource, as a string.");
            }
        }

        throw ScimErrors.InvalidValue($"Each of {members} must have a value: the id of the member.");
    }
}
