using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>
/// A resource as it is stored: attribute names in schema case, core attributes at the root, each extension an object under
/// its URN. It holds no null, no empty string, array or object: unassigned is absent (RFC 7643 §2.5). What is computed (id,
/// meta, schemas, groups, members) and what is never returned is not in it.
/// </summary>
public sealed class ResourceDocument
{
    /// <summary>Wraps a canonical JSON object.</summary>
    public ResourceDocument(ResourceType type, JsonObject root)
    {
        Type = type;
        Root = root;
    }

    /// <summary>The resource's type.</summary>
    public ResourceType Type { get; }

    /// <summary>The attributes.</summary>
    public JsonObject Root { get; }

    /// <summary>The URNs of the core schema and of every extension that the resource has data of (ENTRA-17).</summary>
    public IEnumerable<string> Schemas =>
        Type.Extensions.Select(e => e.Schema.Id).Where(Root.ContainsKey).Prepend(Type.Schema.Id);

    /// <summary>Reads what <see cref="ToUtf8"/> wrote.</summary>
    public static ResourceDocument Parse(ResourceType type, ReadOnlySpan<byte> utf8)
    {
        var root = JsonNode.Parse(utf8)!.AsObject();
        root.Remove("schemas");
        return new ResourceDocument(type, root);
    }

    /// <summary>The document as JSON, ready to be sent but for what is computed; <c>schemas</c> comes first.</summary>
    public byte[] ToUtf8()
    {
        using var json = JsonBuffer.Rent();
        json.Writer.WriteStartObject();
        WriteSchemas(json.Writer);
        foreach (var (name, value) in Root)
        {
            json.Writer.WritePropertyName(name);
            value!.WriteTo(json.Writer);
        }

        json.Writer.WriteEndObject();
        return json.ToArray();
    }

    /// <summary>An independent copy.</summary>
    public ResourceDocument Clone() => new(Type, Root.DeepClone().AsObject());

    /// <summary>True when both hold the same attributes with the same values.</summary>
    public bool SameAs(ResourceDocument other) => JsonNode.DeepEquals(Root, other.Root);

    /// <summary>The value of a core attribute, or null.</summary>
    public JsonNode? this[SchemaAttribute core] => Root[core.Name];

    internal void WriteSchemas(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("schemas"u8);
        foreach (var urn in Schemas)
        {
            writer.WriteStringValue(urn);
        }

        writer.WriteEndArray();
    }
}
