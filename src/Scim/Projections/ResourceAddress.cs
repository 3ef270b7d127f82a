using Scim.Resources;
using Scim.Schemas;

namespace Scim.Projections;

/// <summary>
/// The public addresses of resources below one base URL, for <c>Location</c>, <c>meta.location</c> and <c>$ref</c>.
/// <c>new ResourceAddress("https://host/scim/v2", registry).Of(user, id)</c> is <c>https://host/scim/v2/Users/…</c>.
/// </summary>
public sealed class ResourceAddress
{
    private readonly Dictionary<string, byte[]> prefixes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The addresses below <paramref name="baseUrl"/>, which has no slash at its end.</summary>
    public ResourceAddress(string baseUrl, SchemaRegistry schemas)
    {
        BaseUrl = baseUrl;
        foreach (var type in schemas.ResourceTypes)
        {
            prefixes[type.Name] = Encode($"{baseUrl}{type.Endpoint}/");
        }

        References = new ReferenceAddresses(baseUrl, schemas);
        GroupType = schemas.ResourceTypes.FirstOrDefault(type => type.MembersAttribute is not null)?.Name ?? "";
    }

    /// <summary>The SCIM base URL.</summary>
    public string BaseUrl { get; }

    /// <summary>The same addresses, read.</summary>
    public ReferenceAddresses References { get; }

    /// <summary>The name of the type that has members.</summary>
    internal string GroupType { get; }

    /// <summary>The address of a resource.</summary>
    public string Of(ResourceType type, Guid id) => $"{BaseUrl}{type.Endpoint}/{id}";

    /// <summary>Writes a member whose value is the address of a resource; nothing when its type is not served.</summary>
    internal void TryWrite(Utf8Buffer output, string resourceType, Guid id, ReadOnlySpan<byte> name)
    {
        if (prefixes.TryGetValue(resourceType, out var prefix))
        {
            output.Name(name);
            output.Raw("\""u8);
            output.Raw(prefix);
            output.Bare(id);
            output.Raw("\""u8);
        }
    }

    private static byte[] Encode(string url)
    {
        using var buffer = new Utf8Buffer();
        buffer.Escaped(url);
        return buffer.Written.ToArray();
    }
}
