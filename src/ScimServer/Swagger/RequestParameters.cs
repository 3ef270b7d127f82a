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

    /// <summary>The parameters of a list: what, in which order, which page, and how much of each resource.</summary>
    public static OpenApiParameter[] Query(ResourceType type, ScimLimits limits) =>
        [.. Query(OperationNames.Words(type), type.Name, limits), Attributes(type), ExcludedAttributes(type)];

    /// <summary>The parameters of a list of several types.</summary>
    public static OpenApiParameter[] Query(IReadOnlyList<ResourceType> types, ScimLimits limits) =>
        [.. Query("resources", SearchOperations.ExampleName, limits), Attributes(types[0]), ExcludedAttributes(types[0])];

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

    private static OpenApiParameter[] Query(string what, string exampleName, ScimLimits limits) =>
    [
        Filter(what, exampleName, limits),
        Text("sortBy", "The attribute that orders them, for example `meta.created` (RFC 7644, 3.4.2.3). Without it: oldest first.", ParameterLocation.Query),
        SortOrder(),
        Number("startIndex", "The position of the first resource of the page, beginning with 1, which it is when not given. Not together with cursor."),
        Number("count", $"The size of the page, {limits.DefaultPageSize} when not given, at most {limits.MaxPageSize}; larger numbers mean {limits.MaxPageSize}, and 0 asks for the total alone."),
        Cursor(),
    ];

    private static OpenApiParameter Filter(string what, string exampleName, ScimLimits limits)
    {
        var filter = Text(
            "filter",
            $"""
            Which {what} to answer (RFC 7644, 3.4.2.2): `eq`, `ne`, `co`, `sw`, `ew`, `gt`, `ge`, `lt`, `le`, `pr`, joined by `and`,
            `or`, `not (…)`; value paths in brackets. At most {limits.MaxFilterLength} characters and {limits.MaxFilterTerms} comparisons. Without it: all.
            """,
            ParameterLocation.Query);
        filter.Examples = ExampleFile.Read($"{exampleName}.filter");
        return filter;
    }

    private static OpenApiParameter SortOrder()
    {
        var order = Text("sortOrder", "The direction of sortBy; ascending when not given.", ParameterLocation.Query);
        order.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["ascending", "descending"] };
        return order;
    }

    /// <summary>Empty for the first page, which OpenAPI has to allow.</summary>
    private static OpenApiParameter Cursor()
    {
        var cursor = Text(
            "cursor",
            "Walks through all pages without missing or repeating any (RFC 9865): empty for the first page, then `nextCursor` of the page before, with all other parameters unchanged.",
            ParameterLocation.Query);
        cursor.AllowEmptyValue = true;
        return cursor;
    }

    private static OpenApiParameter Query(string name, string description) => Text(name, description, ParameterLocation.Query);

    private static OpenApiParameter Header(string name, string description) => Text(name, description, ParameterLocation.Header);

    private static OpenApiParameter Text(string name, string description, ParameterLocation location) => new()
    {
        Name = name,
        In = location,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiParameter Number(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
    };
}
