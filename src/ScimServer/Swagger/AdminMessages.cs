using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScimServer.Admin;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScimServer.Swagger;

/// <summary>Gives the bodies that the admin API takes an example, and marks what must be there: their types let it be missing, so that the refusal can name it.</summary>
internal sealed class AdminMessages : ISchemaFilter
{
    private static readonly Dictionary<Type, (string? Required, string Example)> Messages = new()
    {
        [typeof(CreateTenantRequest)] = ("name", """{"name":"acme"}"""),
        [typeof(CreateTokenRequest)] = ("name", """{"name":"okta","scopes":["scim:read","scim:write"],"expiresAt":"2027-12-31T00:00:00Z","identityProvider":"okta"}"""),
        [typeof(RotateTokenRequest)] = (null, """{"overlapSeconds":86400}"""),
        [typeof(ExpireTokenRequest)] = ("expiresAt", """{"expiresAt":"2027-12-31T00:00:00Z"}"""),
        [typeof(AddWebhookRequest)] = ("url", """{"url":"https://app.example.com/hooks/scim","types":["user.*"],"payload":"full","description":"the product"}"""),
        [typeof(RotateWebhookRequest)] = (null, """{"overlapSeconds":86400}"""),
        [typeof(ReplayRequest)] = (null, """{"since":"2026-11-28T20:00:00Z","until":"2026-11-29T08:00:00Z"}"""),
        [typeof(CreateStreamRequest)] = (null, """{"endpointUrl":"https://app.example.com/sets","authorization":"Bearer a-secret-of-yours","mode":"notice","description":"replica"}"""),
        [typeof(StreamReason)] = (null, """{"reason":"maintenance"}"""),
        [typeof(StreamVerification)] = (null, """{"state":"hello"}"""),
        [typeof(ErasePersonRequest)] = (null, """{"userName":"zoe@example.com"}"""),
    };

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema message || !Messages.TryGetValue(context.Type, out var known))
        {
            return;
        }

        message.Example = JsonNode.Parse(known.Example);
        if (known.Required is { } name)
        {
            (message.Required ??= new HashSet<string>()).Add(name);

            // A token that never expires has a null.
            if (context.Type != typeof(ExpireTokenRequest) && message.Properties?[name] is OpenApiSchema member)
            {
                member.Type &= ~JsonSchemaType.Null;
            }
        }
    }
}
