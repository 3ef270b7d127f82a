using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Scim.Errors;
using Scim.Schemas;

namespace ScimServer.Swagger;

/// <summary>The messages of RFC 7644 as components of the document.</summary>
internal static class MessageSchemas
{
    public const string Error = "Error";
    public const string List = "ListResponse";
    public const string ResourceList = "ResourceList";
    public const string SearchRequest = "SearchRequest";
    public const string PatchOp = "PatchOp";

    public const string BulkRequest = "BulkRequest";
    public const string BulkResponse = "BulkResponse";

    /// <summary>The names of the messages.</summary>
    public static readonly IReadOnlyList<string> Names = [Error, List, ResourceList, SearchRequest, PatchOp, BulkRequest, BulkResponse];

    public static void AddTo(OpenApiDocument document, SchemaRegistry registry)
    {
        document.AddComponent(Error, ErrorMessage());
        document.AddComponent(SearchRequest, Search());
        document.AddComponent(PatchOp, Patch());
        document.AddComponent(BulkRequest, BulkOf(
            "Operations (RFC 7644, 3.7).",
            [("failOnErrors", Number("How many operations may fail before the rest is not carried out."))],
            ("method", Text("`POST`, `PUT`, `PATCH` or `DELETE`.")),
            ("path", Text("Relative to the base URL: `/Users` for a POST, else `/Users/{id}`.")),
            ("bulkId", Text("A name for the operation, unique in the bulk; a POST must have one.")),
            ("version", Text("The ETag that the resource must have, as in If-Match.")),
            ("data", AnyObject("The body of the single request; none for a DELETE."))));
        document.AddComponent(BulkResponse, BulkOf(
            "What became of operations (RFC 7644, 3.7.3).",
            [],
            ("location", Text("The address of the resource; none for a POST that failed.")),
            ("method", Text("The method of the operation.")),
            ("bulkId", Text("The name that the request gave it.")),
            ("version", Text("The ETag that the resource has now.")),
            ("status", Text("The HTTP status that the single request would have had, as a string.")),
            ("response", AnyObject("The error, when it failed."))));
        document.AddComponent(List, ListOf(new OpenApiSchema { Type = JsonSchemaType.Object }));
        document.AddComponent(ResourceList, ListOf(new OpenApiSchema { AnyOf = [.. registry.ResourceTypes.Select(type => new OpenApiSchemaReference(OperationNames.Component(type), document))] }));
        foreach (var type in registry.ResourceTypes)
        {
            document.AddComponent(OperationNames.List(type), ListOf(new OpenApiSchemaReference(OperationNames.Component(type), document)));
        }
    }

    private static OpenApiSchema ErrorMessage()
    {
        var scimType = Text("What is wrong, in a word that programs understand (RFC 7644, table 9). Only some errors have one.");
        scimType.Enum = [.. Enum.GetValues<ScimErrorType>().Select(type => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(type.ToString()))];
        return Message("An error (RFC 7644, 3.12).", ["schemas", "status"], ("scimType", scimType), ("detail", Text("What is wrong and what to change, for people.")), ("status", Text("The HTTP status, as a string.")));
    }

    private static OpenApiSchema Search() => Message(
        "A query (RFC 7644, 3.4.3).",
        [],
        ("filter", Text("As in the parameter of GET.")),
        ("sortBy", Text("The attribute that orders them.")),
        ("sortOrder", Text("`ascending` or `descending`.")),
        ("startIndex", Number("The position of the first resource, beginning with 1.")),
        ("count", Number("The size of the page.")),
        ("cursor", Text("Empty for the first page, then nextCursor of the page before. Not together with startIndex.")),
        ("attributes", TextList("The attributes to answer.")),
        ("excludedAttributes", TextList("The attributes to leave out.")));

    private static OpenApiSchema Patch()
    {
        var op = Text("What to do; upper case is understood as well.");
        op.Enum = ["add", "remove", "replace"];
        var operation = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string>(StringComparer.Ordinal) { "op" },
            Properties = Properties(
                ("op", op),
                ("path", Text("An attribute, sub-attribute, or value path such as `emails[type eq \"work\"].value`. Without it, value is an object of attributes.")),
                ("value", new OpenApiSchema { Description = "Any JSON that fits the attribute." })),
        };
        return Message(
            "Changes (RFC 7644, 3.5.2).",
            ["schemas", "Operations"],
            ("Operations", new OpenApiSchema { Type = JsonSchemaType.Array, Items = operation, Description = "In the order in which they are carried out." }));
    }

    private static OpenApiSchema BulkOf(
        string description, ReadOnlySpan<(string Name, IOpenApiSchema Schema)> settings, params ReadOnlySpan<(string Name, IOpenApiSchema Schema)> members)
    {
        var operation = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = Properties(members) };
        var operations = new OpenApiSchema { Type = JsonSchemaType.Array, Items = operation, Description = "In the order of the request." };
        return Message(description, ["schemas", "Operations"], [.. settings, ("Operations", operations)]);
    }

    private static OpenApiSchema AnyObject(string description) => new() { Type = JsonSchemaType.Object, Description = description };

    private static OpenApiSchema ListOf(IOpenApiSchema resource) => Message(
        "A page of resources (RFC 7644, 3.4.2).",
        ["schemas", "totalResults"],
        ("totalResults", Number("How many there are in all.")),
        ("startIndex", Number("The position of the first resource in the page, when pages go by index.")),
        ("itemsPerPage", Number("How many are in the page.")),
        ("nextCursor", Text("Where the next page begins, when pages go by cursor; absent in the last one.")),
        ("Resources", new OpenApiSchema { Type = JsonSchemaType.Array, Items = resource }));

    private static OpenApiSchema Message(string description, string[] required, params ReadOnlySpan<(string Name, IOpenApiSchema Schema)> members) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Required = new HashSet<string>(required, StringComparer.Ordinal),
        Properties = Properties([("schemas", TextList("The URN of the message.")), .. members]),
    };

    private static Dictionary<string, IOpenApiSchema> Properties(params ReadOnlySpan<(string Name, IOpenApiSchema Schema)> members)
    {
        var properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        foreach (var (name, schema) in members)
        {
            properties.Add(name, schema);
        }

        return properties;
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiSchema Number(string description) => new() { Type = JsonSchemaType.Integer, Description = description };

    private static OpenApiSchema TextList(string description) => new()
    {
        Type = JsonSchemaType.Array,
        Items = new OpenApiSchema { Type = JsonSchemaType.String },
        Description = description,
    };
}
