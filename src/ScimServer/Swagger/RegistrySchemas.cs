using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Scim.Schemas;

namespace ScimServer.Swagger;

/// <summary>The registry's schemas as components of the document, so that it cannot say anything else than /Schemas does.</summary>
internal static class RegistrySchemas
{
    /// <summary>
    /// A component for each resource type, with the common attributes and the extensions, and one for each other schema, under the
    /// names of <see cref="OperationNames"/>.
    /// </summary>
    public static void AddTo(OpenApiDocument document, SchemaRegistry registry)
    {
        foreach (var type in registry.ResourceTypes)
        {
            document.AddComponent(OperationNames.Component(type), Resource(type, registry, document));
            foreach (var extension in type.Extensions)
            {
                document.Components!.Schemas!.TryAdd(OperationNames.Component(extension.Schema, registry), Object(extension.Schema.Attributes, extension.Schema.Description));
            }
        }

        foreach (var urn in (string[])[SchemaUrns.ServiceProviderConfig, SchemaUrns.ResourceType, SchemaUrns.Schema])
        {
            var schema = registry.FindSchema(urn)!;
            document.AddComponent(NameOf(urn), Object([.. registry.ResourceTypes[0].CommonAttributes, .. schema.Attributes], schema.Description));
        }
    }

    /// <summary>The component of a schema that is no extension.</summary>
    public static string NameOf(string urn) => urn[(urn.LastIndexOf(':') + 1)..];

    private static OpenApiSchema Resource(ResourceType type, SchemaRegistry registry, OpenApiDocument document)
    {
        var schema = Object([.. type.CommonAttributes, .. type.Schema.Attributes], type.Schema.Description);
        foreach (var extension in type.Extensions)
        {
            schema.Properties!.Add(extension.Schema.Id, new OpenApiSchemaReference(OperationNames.Component(extension.Schema, registry), document));
            if (extension.Required)
            {
                schema.Required!.Add(extension.Schema.Id);
            }
        }

        return schema;
    }

    private static OpenApiSchema Object(IEnumerable<SchemaAttribute> attributes, string description)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = description,
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal),
            Required = new HashSet<string>(StringComparer.Ordinal),
        };
        foreach (var attribute in attributes)
        {
            schema.Properties.Add(attribute.Name, Attribute(attribute));
            if (attribute.Required)
            {
                schema.Required.Add(attribute.Name);
            }
        }

        return schema;
    }

    private static OpenApiSchema Attribute(SchemaAttribute attribute)
    {
        var schema = attribute.MultiValued
            ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = Value(attribute) }
            : Value(attribute);
        schema.Description = Describe(attribute);
        schema.ReadOnly = attribute.Mutability == Mutability.ReadOnly;
        schema.WriteOnly = attribute.Returned == Returned.Never;
        if (attribute.InitialValue is { } initial)
        {
            schema.Default = JsonValue.Create(initial);
        }

        return schema;
    }

    private static OpenApiSchema Value(SchemaAttribute attribute) => attribute.Type switch
    {
        AttributeType.String => new OpenApiSchema { Type = JsonSchemaType.String },
        AttributeType.Boolean => new OpenApiSchema { Type = JsonSchemaType.Boolean },
        AttributeType.Decimal => new OpenApiSchema { Type = JsonSchemaType.Number },
        AttributeType.Integer => new OpenApiSchema { Type = JsonSchemaType.Integer },
        AttributeType.DateTime => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
        AttributeType.Binary => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" },
        AttributeType.Reference => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri-reference" },
        AttributeType.Complex => Object(attribute.SubAttributes, ""),
        _ => throw new ArgumentOutOfRangeException(nameof(attribute)),
    };

    /// <summary>The schema's own words, and the characteristics that OpenAPI has no word for.</summary>
    private static string Describe(SchemaAttribute attribute)
    {
        var more = new List<string>();
        if (attribute.Mutability == Mutability.Immutable)
        {
            more.Add("Cannot be changed once it is set.");
        }

        if (attribute.Uniqueness != Uniqueness.None)
        {
            more.Add("Unique.");
        }

        if (attribute.Returned == Returned.Request)
        {
            more.Add("Sent only when asked for.");
        }

        if (attribute.CanonicalValues.Count > 0)
        {
            more.Add($"Usual values: {string.Join(", ", attribute.CanonicalValues)}.");
        }

        return string.Join(' ', more.Prepend(attribute.Description));
    }
}
