using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.OAuth;

/// <summary>A client of the token endpoint, of a new tenant.</summary>
internal sealed record TokenClient(ScimServerFactory Server, ScimClient Scim, Guid Id, Guid SecretId, string Secret)
{
    private static readonly HttpClient Http = new();

    public Clients Clients => Server.Services.GetRequiredService<Clients>();

    public ClientSecrets Secrets => Server.Services.GetRequiredService<ClientSecrets>();

    public static async Task<TokenClient> NewAsync(ScimServerFactory server, AccessScopes scopes = AccessScopes.Provisioning, DateTimeOffset? expiresAt = null)
    {
        var scim = await TestServers.NewTenantAsync(server);
        var issued = await server.Services.GetRequiredService<Clients>().CreateAsync(scim.Tenant.Name, new NewClient("entra") { Scopes = scopes, ExpiresAt = expiresAt }, default);
        return new(server, scim, issued.Client.Id, issued.SecretId, issued.Secret);
    }

    public static async Task<TokenClient> NewAsync(Database database) => await NewAsync(await TestServers.GetAsync(database));

    /// <summary>An access token, got as most identity providers do.</summary>
    public async Task<string> TokenAsync(string? secret = null, string? scope = null)
    {
        var (status, answer) = await PostAsync(Basic(Id.ToString(), secret ?? Secret), scope is null ? [] : [("scope", scope)]);
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        return (string)answer["access_token"]!;
    }

    /// <summary>The same tenant by an access token.</summary>
    public async Task<ScimClient> SignInAsync(string? secret = null, string? scope = null) => Scim.WithToken(await TokenAsync(secret, scope));

    public Task<(HttpStatusCode Status, JsonObject Answer)> PostAsync(string? authorization, params (string Name, string Value)[] form) =>
        PostAsync(Server, authorization, [("grant_type", "client_credentials"), .. form]);

    public static async Task<(HttpStatusCode Status, JsonObject Answer)> PostAsync(ScimServerFactory server, string? authorization, (string Name, string Value)[] form)
    {
        using var response = await SendAsync(server, authorization, form);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(response.StatusCode == HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme == "Basic"));
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        Assert.DoesNotContain("error_uri", answer);
        TenantSql.AssertNone();
        return (response.StatusCode, answer);
    }

    public static async Task<HttpResponseMessage> SendAsync(ScimServerFactory server, string? authorization, (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/oauth/token"))
        {
            Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await Http.SendAsync(request);
    }

    public async Task RefusedAsync(string error, string? authorization, params (string Name, string Value)[] form)
    {
        var (status, answer) = await PostAsync(authorization, form);
        Assert.Equal((authorization is not null && error == "invalid_client" ? HttpStatusCode.Unauthorized : HttpStatusCode.BadRequest, error), (status, (string?)answer["error"]));
    }

    public static string Basic(string id, string secret) =>
        new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}"))).ToString();
}
