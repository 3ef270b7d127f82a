using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Scim;
using Scim.Bulk;
using Scim.EntityFrameworkCore.Memberships;
using Scim.EntityFrameworkCore.Resources;
using Scim.Errors;
using Scim.Json;
using Scim.Patching;
using Scim.Queries;
using Scim.Resources;
using Scim.Schemas;
using ScimServer.Authentication;
using ScimServer.Controllers;
using ScimServer.Http;
using ScimServer.Startup;

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

    public static Refusal Token { get; } = Of(
        401,
        "The request has no valid access token.",
        ("missing", "No token", ScimErrors.Unauthorized(AccessTokenHandler.MissingDetail)),
        ("invalid", "A wrong, expired or revoked token", ScimErrors.Unauthorized(AccessTokenHandler.InvalidDetail)));

    public static Refusal ReadScope { get; } = Scope(ScimPolicies.Read);

    public static Refusal WriteScope { get; } = Scope(ScimPolicies.Write);

    public static Refusal DiscoveryFilter { get; } = Of(
        403,
        "A filter was given (RFC 7644, 4).",
        ("filter", "A filter", DiscoveryController.NoFilter()));

    public static Refusal Version { get; } = Of(
        412,
        "The resource has another version than If-Match says. Nothing was changed.",
        ("version", "Another version", Raised(() => new VersionCondition(ETagCondition.Parse("If-Match", ["W/\"9\""]), ETagCondition.None).CheckMatch(1))));

    public static Refusal MediaType { get; } = Of(
        415,
        "The body is not JSON.",
        ("mediaType", "Plain text", ScimRequestReader.NotJson("text/plain")));

    public static Refusal Bulk { get; } = Of(
        400,
        "The body is not a bulk. Nothing was carried out. What is wrong with one operation is answered with that operation.",
        ("invalidSyntax", "Another message", BulkRequest.NoSchema()));

    public static Refusal NotReady { get; } = Of(
        503,
        "The server has begun to run, but its database has not.",
        ("starting", "At start", StartupGate.NotReady()));

    private static Refusal Scope(string scope) =>
        Of(403, $"The access token lacks the scope `{scope}`.", (ScopeExample, "A token without the scope", ScimErrors.Forbidden(AccessTokenHandler.ScopeDetail(scope))));

    private static ScimException? InvalidJson => Raised(() =>
        JsonBody.Parse("""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"""u8, new ScimLimits().MaxJsonDepth));

    public static Refusal Projection(ResourceType type) => Of(400, "The parameters exclude each other.", BothProjections([type]));

    public static Refusal Query(IReadOnlyList<ResourceType> types) => Of(
        400,
        "The query cannot be read.",
        ("invalidFilter", "A filter without its value", Wrong(types, new SearchRequest { Filter = "userName eq" })),
        ("invalidPath", "A sortBy that there is not", Wrong(types, new SearchRequest { SortBy = "shoeSize" })),
        ("invalidValue", "A count that is no number", Wrong(types, new SearchRequest { Count = "ten" })),
        ("invalidCursor", "A cursor of another query", Raised(() => Cursor.Open("x", new byte[Cursor.SecretBytes], ""))),
        BothProjections(types));

    public static Refusal Resource(ResourceType type) => Of(
        400,
        "The body cannot be taken. Nothing was stored.",
        ("invalidValue", "Without a required attribute", Raised(() => ResourceValidator.Validate(new ResourceDocument(type, [])))),
        ("noMember", "A member that there is not", type.MembersAttribute is null ? null : MembershipStore.NoSuchMember([ExampleFile.UserId])),
        ("invalidSyntax", "A body that is no JSON", InvalidJson));

    public static Refusal Patch(ResourceType type) => Of(
        400,
        "An operation cannot be carried out; none of them was.",
        ("invalidPath", "An attribute that there is not", Wrong(type, """{"op":"replace","path":"shoeSize","value":1}""")),
        ("mutability", "An attribute that the server sets", Wrong(type, """{"op":"replace","path":"id","value":"1"}""")),
        ("noTarget", "A remove that does not say what", Wrong(type, """{"op":"remove"}""")),
        ("invalidSyntax", "A body that is no JSON", InvalidJson));

    public static Refusal NotFound(string what, string id) =>
        Of(404, $"There is no {what} with that id.", ("notFound", "An unknown id", ScimErrors.ResourceNotFound(what, id)));

    public static Refusal Conflict(ResourceType type, string example) => Of(
        409,
        $"Another {OperationNames.Word(type)} of the tenant has the value already. Nothing was changed.",
        ("uniqueness", "A value that another has", ResourceStore.Taken(type.Name, type.UniqueAttribute!, example)));

    public static Refusal TooLarge(ScimLimits limits) => Of(
        413,
        "The body is too large.",
        ("body", "A large body", ScimRequestReader.TooLarge(limits.MaxBodyBytes)));

    public static Refusal TooLarge(ScimException operations, ScimException bytes) => Of(
        413,
        "The bulk is too large. Nothing was carried out.",
        ("operations", "Too many operations", operations),
        ("bytes", "A large body", bytes));

    private static Refusal Of(int status, string description, params ReadOnlySpan<(string Name, string Summary, ScimException? Error)> errors)
    {
        var examples = new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal);
        foreach (var (name, summary, exception) in errors)
        {
            if (exception is not null)
            {
                examples.Add(name, new OpenApiExample { Summary = summary, Value = Json(exception.Error) });
            }
        }

        return new Refusal(status, description, examples);
    }

    private static (string Name, string Summary, ScimException? Error) BothProjections(IReadOnlyList<ResourceType> types) =>
        ("both", "attributes and excludedAttributes", Wrong(types, new SearchRequest { Attributes = "userName", ExcludedAttributes = "meta" }));

    private static ScimException? Wrong(IReadOnlyList<ResourceType> types, SearchRequest query) => Raised(() => ListQuery.Parse(types, query, new ScimLimits()));

    private static ScimException? Wrong(ResourceType type, string operation) => Raised(() =>
    {
        var patch = JsonNode.Parse($$"""{"schemas":["{{PatchRequest.SchemaUrn}}"],"Operations":[{{operation}}]}""")!.AsObject();
        PatchEngine.Apply(PatchRequest.Parse(patch, new ScimLimits()), new ResourceDocument(type, []));
    });

    /// <summary>The error that a wrong request causes, in the words of whoever refuses it; null where schemas make it right.</summary>
    private static ScimException? Raised(Action wrong)
    {
        try
        {
            wrong();
            return null;
        }
        catch (ScimException refusal)
        {
            return refusal;
        }
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
