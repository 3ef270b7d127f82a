using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>
/// Takes the id of a resource out of its address, for clients that name it by <c>$ref</c> alone: a manager (RFC 7643 §4.3) or a member (§4.2). Where
/// both are given <c>value</c> is what counts, and <c>$ref</c> is not looked at.
/// </summary>
public sealed class ReferenceAddresses
{
    /// <summary>For where no addresses are known: none names a resource.</summary>
    public static readonly ReferenceAddresses None = new();

    private readonly Dictionary<string, string> endpoints = new(StringComparer.OrdinalIgnoreCase);
    private readonly Uri? root;

    /// <summary>The addresses below <paramref name="baseUrl"/>, which has no slash at its end.</summary>
    public ReferenceAddresses(string baseUrl, SchemaRegistry schemas)
    {
        Uri.TryCreate(baseUrl + "/", UriKind.Absolute, out root);
        foreach (var type in schemas.ResourceTypes)
        {
            endpoints[type.Name] = type.Endpoint.TrimStart('/') + "/";
        }
    }

    private ReferenceAddresses()
    {
    }

    /// <summary>The value of a reference, or one member, with its <c>value</c>; it stays as it is when it has one, or no <c>$ref</c> either.</summary>
    /// <exception cref="ScimException">400 invalidValue for a <c>$ref</c> that names no resource here.</exception>
    public JsonNode? Complete(SchemaAttribute reference, JsonNode? value)
    {
        if (!Takes(reference) || value is not JsonObject given || Find(given, reference.DefaultSubAttribute!.Name) is not null
            || Find(given, reference.AddressSubAttribute!.Name) is not { } member || IdIn(reference, given[member]) is not { } id)
        {
            return value;
        }

        var completed = given.DeepClone().AsObject();
        completed.Remove(member);
        completed.Add(reference.DefaultSubAttribute.Name, id);
        return completed;
    }

    /// <summary>The id of the resource that a <c>$ref</c> names; null when it is null or empty.</summary>
    /// <exception cref="ScimException">400 invalidValue.</exception>
    public string? IdIn(SchemaAttribute reference, JsonNode? address)
    {
        if (address is null || address.GetValueKind() == JsonValueKind.Null || JsonText.AsString(address) is "")
        {
            return null;
        }

        if (JsonText.AsString(address) is { } text && Below(text) is { } path)
        {
            foreach (var endpoint in reference.ReferencedTypes.Select(type => endpoints.GetValueOrDefault(type)).OfType<string>())
            {
                if (path.StartsWith(endpoint, StringComparison.OrdinalIgnoreCase) && Guid.TryParseExact(path[endpoint.Length..], "D", out var id))
                {
                    return id.ToString();
                }
            }
        }

        throw ScimErrors.InvalidValue(
            $"{reference.AddressSubAttribute} must be the address of a {string.Join(" or ", reference.ReferencedTypes)} of this server when there is no {reference.DefaultSubAttribute!.Name}.");
    }

    /// <summary>A <c>$ref</c> that is readOnly is passed over, as the schema says.</summary>
    private static bool Takes(SchemaAttribute reference) =>
        (reference.IsResourceReference || reference.Relation == Relation.Members) && reference.AddressSubAttribute is { Mutability: not Mutability.ReadOnly };

    private static string? Find(JsonObject value, string name) =>
        value.Select(member => member.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// What follows the base URL: of <c>https://host/scim/v2/Users/…</c>, of <c>Users/…</c>, which is relative to it (RFC 7643 §2.3.7), and of
    /// <c>../Users/…</c> and <c>/Users/…</c>, as RFC 7643 §8 and RFC 9967 write it. Null for an address elsewhere.
    /// </summary>
    private string? Below(string address)
    {
        if (root is null)
        {
            return null;
        }

        // What begins with a slash is taken apart here: Uri takes it for the path of a file on some systems.
        var relative = address.StartsWith("../", StringComparison.Ordinal) ? address[3..]
            : address.StartsWith(root.AbsolutePath, StringComparison.OrdinalIgnoreCase) ? address[root.AbsolutePath.Length..]
            : address.TrimStart('/');
        return Uri.TryCreate(root, relative, out var uri) && uri.GetLeftPart(UriPartial.Authority) == root.GetLeftPart(UriPartial.Authority)
            && uri.PathAndQuery.StartsWith(root.AbsolutePath, StringComparison.OrdinalIgnoreCase) && uri.Fragment.Length == 0
                ? uri.PathAndQuery[root.AbsolutePath.Length..]
                : null;
    }
}
