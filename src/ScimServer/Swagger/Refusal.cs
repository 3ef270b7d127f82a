using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Scim;
using Scim.Bulk;
using Scim.Errors;
using Scim.Resources;
using Scim.Schemas;
using ScimServer.Authentication;
using ScimServer.Http;

namespace ScimServer.Swagger;

/// <summary>An error status of an operation, with the errors that it may hold (RFC 7644 §3.12).</summary>
internal sealed record Refusal(int Status, string Description, IDictionary<string, IOpenApiExample> Examples)
{
    private const string ScopeExample = "scope";

    /// <summary>The headers that come with the status.</summary>
    public string[] Headers => Status switch
    {
        401 => [ResponseHeaders.WwwAuthenticate],
        403 when Examples.ContainsKey(ScopeExample) => [ResponseHeaders.WwwAuthenticate],
        503 => [ResponseHeaders.RetryAfter],
        _ => [],
    };

    public static Refusal Projection { get; } = Of(400, "The parameters exclude each other.", ("both", "attributes and excludedAttributes", BothProjections));

    public static Refusal Token { get; } = Of(
        401,
        "The request has no valid access token.",
        ("missing", "No token", ScimErrors.Unauthorized("The request has no access token. Send it as \"Authorization: Bearer <token>\"; \"tokens create\" on the server's command line makes one.")),
        ("invalid", "A wrong, expired or revoked token", ScimErrors.Unauthorized("The access token is not accepted: it is mistyped, expired or revoked. \"tokens list\" on the server's command line shows which tokens there are.")));

    public static Refusal ReadScope { get; } = Scope(ScimPolicies.Read);

    public static Refusal WriteScope { get; } = Scope(ScimPolicies.Write);

    public static Refusal DiscoveryFilter { get; } = Of(
        403,
        "A filter was given (RFC 7644, 4).",
        ("filter", "A filter", ScimErrors.Forbidden("This endpoint does not filter. Leave \"filter\" out (RFC 7644, 4).")));

    public static Refusal Version { get; } = Of(
        412,
        "The resource has another version than If-Match says. Nothing was changed.",
        ("version", "Another version", ScimErrors.PreconditionFailed("The resource has the version W/\"1\", which If-Match does not name. Read it again and repeat the change.")));

    public static Refusal MediaType { get; } = Of(
        415,
        "The body is not JSON.",
        ("mediaType", "Plain text", ScimErrors.UnsupportedMediaType("The body must be application/scim+json or application/json in UTF-8, not \"text/plain\".")));

    public static Refusal Bulk { get; } = Of(
        400,
        "The body is not a bulk. Nothing was carried out. What is wrong with one operation is answered with that operation.",
        ("invalidSyntax", "Another message", ScimErrors.InvalidSyntax($"The body of a bulk must have \"schemas\": [\"{BulkRequest.SchemaUrn}\"].")));

    public static Refusal NotReady { get; } = Of(
        503,
        "The server has begun to run, but its database has not.",
        ("starting", "At start", ScimErrors.Unavailable("The server is not ready yet. Try again in a few seconds.")));

    private static Refusal Scope(string scope) =>
        Of(403, $"The access token lacks the scope `{scope}`.", (ScopeExample, "A token without the scope", ScimErrors.Forbidden(AccessTokenHandler.ScopeDetail(scope))));

    private static ScimException BothProjections => ScimErrors.InvalidValue("\"attributes\" and \"excludedAttributes\" exclude each other (RFC 7644, 3.9): send one of them.");

    private static ScimException InvalidJson => ScimErrors.InvalidSyntax("The body is not valid JSON: line 1, byte 70.");

    public static Refusal Query(IReadOnlyList<ResourceType> types) => Of(
        400,
        "The query cannot be read.",
        ("invalidFilter", "A filter without its value", ScimErrors.InvalidFilter("Invalid filter at character 12: expected a value (a string in double quotes, a number, true, false or null), found the end.")),
        ("invalidPath", "A sortBy that there is not", ScimErrors.InvalidPath($"\"sortBy\" names \"shoeSize\", which {(types.Count == 1 ? $"a {types[0]} does" : $"{string.Join(" and ", types)} do")} not have.")),
        ("invalidValue", "A count that is no number", ScimErrors.InvalidValue("\"count\" must be a whole number, not \"ten\".")),
        ("invalidCursor", "A cursor of another query", ScimErrors.InvalidCursor(
            "The cursor is not one that this server gave for this query. Repeat the query with all its parameters unchanged and the \"nextCursor\" of the page before, or with an empty \"cursor\" to begin again.")),
        ("both", "attributes and excludedAttributes", BothProjections));

    public static Refusal Resource(ResourceType type) => Of(
        400,
        "The body cannot be taken. Nothing was stored.",
        type.UniqueAttribute is { Required: true } unique ? ("invalidValue", $"No {unique.Name}", ScimErrors.InvalidValue($"{unique.Name} is required.")) : null,
        type.MembersAttribute is null
            ? null
            : ("noMember", "A member that there is not", ScimErrors.InvalidValue($"No such member: \"{ExampleFile.UserId}\". Members must exist before they are added; nothing was changed.")),
        ("invalidSyntax", "A body that is no JSON", InvalidJson));

    public static Refusal Patch(ResourceType type) => Of(
        400,
        "An operation cannot be carried out; none of them was.",
        ("invalidPath", "An attribute that there is not", ScimErrors.InvalidPath($"Operations[0]: a {type.Name} has no attribute \"shoeSize\".")),
        ("mutability", "An attribute that the server sets", ScimErrors.Mutability("Operations[0]: id is readOnly.")),
        ("noTarget", "A remove that does not say what", ScimErrors.NoTarget("Operations[0]: remove needs a path (RFC 7644 §3.5.2.2).")),
        ("invalidSyntax", "A body that is no JSON", InvalidJson));

    public static Refusal NotFound(string what, string id) =>
        Of(404, $"There is no {what} with that id.", ("notFound", "An unknown id", ScimErrors.ResourceNotFound(what, id)));

    public static Refusal Conflict(ResourceType type, string example) => Of(
        409,
        $"Another {OperationNames.Word(type)} of the tenant has the value already. Nothing was changed.",
        ("uniqueness", "A value that another has", ScimErrors.Uniqueness($"There is already a {type.Name} with the {type.UniqueAttribute} \"{example}\".")));

    public static Refusal TooLarge(ScimLimits limits) => Of(
        413,
        "The body is too large.",
        ("body", "A large body", ScimErrors.PayloadTooLarge($"The request's body is larger than {limits.MaxBodyBytes} bytes.")));

    public static Refusal TooLarge(ScimException operations, ScimException bytes) => Of(
        413,
        "The bulk is too large. Nothing was carried out.",
        ("operations", "Too many operations", operations),
        ("bytes", "A large body", bytes));

    private static Refusal Of(int status, string description, params ReadOnlySpan<(string Name, string Summary, ScimException Error)?> errors)
    {
        var examples = new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal);
        foreach (var error in errors)
        {
            if (error is var (name, summary, exception))
            {
                examples.Add(name, new OpenApiExample { Summary = summary, Value = Json(exception.Error) });
            }
        }

        return new Refusal(status, description, examples);
    }

    private const string ExampleReference = "7K2M9QX4ABCDEFGH";

    private static JsonNode Json(ScimError error)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            (error with { Detail = CorrelationId.Refer(error.Detail, ExampleReference) }).WriteTo(writer);
        }

        return JsonNode.Parse(buffer.ToArray())!;
    }
}
