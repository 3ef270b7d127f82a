using System.Collections.Immutable;
using System.Text.Json;

namespace Scim.Schemas;

/// <summary>Reads schema definitions in the JSON form of RFC 7643 §7.</summary>
internal static class SchemaReader
{
    /// <summary>Reads a schema of the server's own, to be served as it is written.</summary>
    /// <exception cref="SchemaDefinitionException">It is not in the form of the RFC.</exception>
    public static Schema Read(string json)
    {
        var faults = new List<string>();
        using var document = JsonDocument.Parse(json);
        var schema = Read(new DefinitionObject(document.RootElement, "definition", "", faults)).Schema;
        if (faults.Count > 0)
        {
            throw new SchemaDefinitionException(faults);
        }

        schema.Json = Print(document.RootElement);
        return schema;
    }

    /// <summary>Reads a schema; what is not in the form of the RFC is noted as a fault.</summary>
    public static SchemaDefinition Read(DefinitionObject source)
    {
        source.AllowOnly("schemas", "id", "name", "description", "attributes", "meta");
        var id = source.Text("id");
        var all = new List<AttributeDefinition>();
        var schema = new Schema
        {
            Id = id,
            Name = source.OptionalText("name") ?? id[(id.LastIndexOf(':') + 1)..],
            Description = source.OptionalText("description") ?? "",
            Attributes = ReadAttributes(source, "attributes", all),
        };
        return new SchemaDefinition(schema, source, all);
    }

    private static byte[] Print(JsonElement root)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            root.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    private static ImmutableArray<SchemaAttribute> ReadAttributes(DefinitionObject owner, string member, List<AttributeDefinition> all)
    {
        var attributes = ImmutableArray.CreateBuilder<SchemaAttribute>();
        foreach (var source in owner.Objects(member))
        {
            attributes.Add(ReadAttribute(source, all));
        }

        return attributes.DrainToImmutable();
    }

    private static SchemaAttribute ReadAttribute(DefinitionObject source, List<AttributeDefinition> all)
    {
        source.AllowOnly(
            "name", "type", "subAttributes", "multiValued", "description", "required", "canonicalValues", "caseExact", "mutability", "returned", "uniqueness", "referenceTypes");
        var type = source.Word("type", AttributeType.String);

        var attribute = new SchemaAttribute
        {
            Name = source.Text("name"),
            Type = type,
            MultiValued = source.Flag("multiValued"),
            Description = source.OptionalText("description") ?? "",
            Required = source.Flag("required"),
            CanonicalValues = source.Texts("canonicalValues"),
            CaseExact = source.Flag("caseExact") || type == AttributeType.Binary,
            Mutability = source.Word("mutability", Mutability.ReadWrite),
            Returned = source.Word("returned", Returned.Default),
            Uniqueness = source.Word("uniqueness", Uniqueness.None),
            ReferenceTypes = source.Texts("referenceTypes"),
            SubAttributes = ReadAttributes(source, "subAttributes", all),
        };
        foreach (var sub in attribute.SubAttributes)
        {
            sub.Parent = attribute;
        }

        all.Add(new AttributeDefinition(attribute, source));
        return attribute;
    }
}
