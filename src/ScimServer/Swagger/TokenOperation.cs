using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScimServer.OAuth;

namespace ScimServer.Swagger;

/// <summary>
/// The token endpoint (RFC 6749 §4.4). It is no part of SCIM and has no action of which anything could be guessed; but who connects an identity provider
/// begins with it.
/// </summary>
internal static class TokenOperation
{
    public const string Tag = "OAuth 2.0";

    /// <summary>The name of the security scheme: the client's id and secret.</summary>
    public const string ClientScheme = "client";

    private const string Form = "application/x-www-form-urlencoded";
    private const string Json = "application/json";
    private const string ClientId = "01a2262c-5a69-7461-b894-2437dc09ec33";

    private const string Request =
        $$"""{"grant_type":"client_credentials","client_id":"{{ClientId}}","client_secret":"a-secret-of-the-client","scope":"scim:read scim:write"}""";

    private const string Token =
        """{"access_token":"eyJhbGciOiJFUzI1NiIs…","token_type":"Bearer","expires_in":3899,"scope":"scim:read scim:write"}""";

    /// <summary>Beside the base path of SCIM, not below it.</summary>
    private const string Server = "../..";

    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent(ClientScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "basic",
            Description = "For the token endpoint: the id and the secret of a client, which `clients add` on the server's command line prints.",
        });
        document.Paths.Add(TokenEndpoint.Path, new OpenApiPathItem
        {
            Servers = [new OpenApiServer { Url = Server, Description = "This server" }],
            Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Post] = Describe(document) },
        });
    }

    private static OpenApiOperation Describe(OpenApiDocument document)
    {
        var operation = new OpenApiOperation();
        new OperationWriter(operation, document).Is(
            "getToken",
            Tag,
            "Gives an access token to a client",
            """
            Client credentials (RFC 6749, 4.4), for identity providers that want them. The client shows its id and its secret by HTTP Basic or in the body, or
            a JWT of an issuer that the server trusts (RFC 7523, 2.2). The token is sent to the other endpoints as *Bearer* token.
            """);
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ClientScheme, document)] = [] }];
        operation.RequestBody = new OpenApiRequestBody { Description = "The parameters, as a form.", Required = true, Content = Body() };
        operation.Responses = new OpenApiResponses
        {
            ["200"] = Answer("The token.", ("token", "For all that the client may do", Token)),
            ["400"] = Answer("The request cannot be answered with a token (RFC 6749, 5.2).", Refusal("grant", "Another grant", TokenRefusal.OtherGrant(isGiven: true))),
            ["401"] = Answer("The same, for a client that used HTTP Basic.", Refusal("client", "A wrong secret", TokenRefusal.UnknownClient)),
            ["429"] = Answer("Too many clients of the address were not accepted.", Refusal("failures", "Too many failures", TokenRefusal.TooManyFailures), ResponseHeaders.RetryAfter),
            ["503"] = Answer("The server, or the issuer of the JWT, does not answer at the moment.", null, ResponseHeaders.RetryAfter),
        };
        return operation;
    }

    private static Dictionary<string, OpenApiMediaType> Body() => new(StringComparer.Ordinal)
    {
        [Form] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string>(StringComparer.Ordinal) { "grant_type" },
                Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
                {
                    ["grant_type"] = Text("`client_credentials`.", "client_credentials"),
                    ["client_id"] = Text("The client's id, where HTTP Basic does not have it."),
                    ["client_secret"] = Text("The client's secret, where HTTP Basic does not have it."),
                    ["scope"] = Text("The scopes that are wanted, with blanks between them. Without it: all that the client may have."),
                    ["client_assertion_type"] = Text($"`{AssertionGrant.Type}`, with a JWT."),
                    ["client_assertion"] = Text("The JWT, in the place of a secret."),
                },
            },
            Examples = new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal)
            {
                ["secret"] = new OpenApiExample
                {
                    Summary = "A secret in the body",
                    Value = JsonNode.Parse(Request),
                },
            },
        },
    };

    private static OpenApiSchema Text(string description, string? only = null) => new()
    {
        Type = JsonSchemaType.String,
        Description = description,
        Enum = only is null ? null : [only],
    };

    private static (string Name, string Summary, string Json) Refusal(string name, string summary, TokenRefusal refusal) => (name, summary, JsonSerializer.Serialize(refusal));

    private static OpenApiResponse Answer(string description, (string Name, string Summary, string Json)? example, params ReadOnlySpan<string> headers) => new()
    {
        Description = description,
        Headers = ResponseHeaders.Of(headers),
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [Json] = new OpenApiMediaType
            {
                Examples = example is not var (name, summary, json) ? null : new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal)
                {
                    [name] = new OpenApiExample { Summary = summary, Value = JsonNode.Parse(json) },
                },
            },
        },
    };
}
