using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Scim;
using Scim.Schemas;

namespace ScimServer.Swagger;

/// <summary>
/// The parameters of requests. Only ids and filters have example values: Swagger UI fills an example in and sends it, and an
/// entity tag or a list of attributes that nobody asked for would change the answer.
/// </summary>
internal static class RequestParameters
{
    public static OpenApiParameter Id(string description, string example) => new()
    {
        Name = "id",
        In = ParameterLocation.Path,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = example,
    };

    public static OpenApiParameter Filter(ResourceType type, ScimLimits limits)
    {
        var filter = Query(
            "filter",
            $"""
            Which {OperationNames.Words(type)} to answer (RFC 7644, 3.4.2.2): `eq`, `ne`, `co`, `sw`, `ew`, `gt`, `ge`, `lt`, `le`, `pr`, joined by `and`,
            `or`, `not (…)`; value paths in brackets. At most {limits.MaxFilterLength} characters and {limits.MaxFilterTerms} comparisons. Without it: all.
            """);
        filter.Examples = ExampleFile.Read($"{type.Name}.filter");
        return filter;
    }

    public static OpenApiParameter StartIndex() =>
        Number("startIndex", "The position of the first resource of the page, beginning with 1. Smaller numbers mean 1.", 1);

    public static OpenApiParameter Count(ScimLimits limits) =>
        Number("count", $"The size of the page, at most {limits.MaxPageSize}; larger numbers mean {limits.MaxPageSize}, and 0 asks for the total alone.", limits.DefaultPageSize);

    public static OpenApiParameter Attributes(ResourceType type) => Query(
        "attributes",
        $"The attributes to answer, separated by commas, for example `{type.UniqueAttribute?.Name ?? "externalId"},meta.lastModified`; what is always returned, `id` for one, comes in any case. Not together with excludedAttributes.");

    public static OpenApiParameter ExcludedAttributes(ResourceType type) => Query(
        "excludedAttributes",
        $"The attributes to leave out, separated by commas, for example `{(type.MembersAttribute ?? type.GroupsAttribute)?.Name ?? "meta"}`. Not together with attributes.");

    public static OpenApiParameter IfMatch() => Header(
        "If-Match",
        "Write only if the resource has one of these versions, for example `W/\"1\"`, or `*` for any; otherwise 412 (RFC 7644, 3.14).");

    public static OpenApiParameter IfNoneMatch() => Header(
        "If-None-Match",
        "Answer 304 without a body if the resource has one of these versions, for example `W/\"1\"` (RFC 7644, 3.14).");

    private static OpenApiParameter Query(string name, string description) => Text(name, description, ParameterLocation.Query);

    private static OpenApiParameter Header(string name, string description) => Text(name, description, ParameterLocation.Header);

    private static OpenApiParameter Text(string name, string description, ParameterLocation location) => new()
    {
        Name = name,
        In = location,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiParameter Number(string name, string description, int defaultValue) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Default = JsonValue.Create(defaultValue) },
    };
}
