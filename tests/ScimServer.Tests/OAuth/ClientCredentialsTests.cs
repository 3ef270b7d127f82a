using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.OAuth.TokenClient;

namespace ScimServer.Tests.OAuth;

/// <summary>OAuth 2.0 client credentials (RFC 6749 §4.4, ENTRA-77).</summary>
public sealed class ClientCredentialsTests
{
    [SkippableTheory, EachDatabase]
    public async Task A_client_gets_an_access_token_by_header_by_body_or_by_both_and_provisions_with_it(Database database)
    {
        var client = await NewAsync(database);
        (string, string)[] body = [("client_id", $"{client.Id}"), ("client_secret", client.Secret)];
        var header = Basic($"{client.Id}", client.Secret);

        foreach (var (authorization, form) in new[] { (null, body), (header, []), (header, body) })
        {
            var (status, answer) = await client.PostAsync(authorization, form);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(("Bearer", "scim:read scim:write"), ((string?)answer["token_type"], (string?)answer["scope"]));
            Assert.InRange((int)answer["expires_in"]!, 3_600, 3_900);
            var scim = client.Scim.WithToken((string)answer["access_token"]!);
            var id = await scim.CreateUserIdAsync();
            (await scim.GetAsync($"/Users/{id}")).Expect(200);
            (await scim.DeleteAsync($"/Users/{id}")).Expect(204);
        }
    }

    [SkippableTheory, EachDatabase]
    public async Task It_may_ask_for_fewer_scopes_and_never_gets_more_than_it_has(Database database)
    {
        var client = await NewAsync(database);
        var reader = await client.SignInAsync(scope: "scim:read");
        (await reader.GetAsync("/Users")).Expect(200);
        (await reader.PostAsync("/Users", $$"""{"schemas":["{{ScimClient.User}}"],"userName":"x"}""")).ExpectError(403);

        foreach (var scope in (string[])["events", "admin", "scim:read events", "SCIM:READ"])
        {
            await client.RefusedAsync("invalid_scope", Basic($"{client.Id}", client.Secret), ("scope", scope));
        }

        foreach (var scope in (string[])["openid", "offline_access", "scim:read\0", new string('x', 9000)])
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync(Basic($"{client.Id}", client.Secret), ("scope", scope))).Status);
        }
    }

    [SkippableTheory, EachDatabase]
    public async Task A_client_and_its_tokens_see_their_tenant_only(Database database)
    {
        var server = await TestServers.GetAsync(database);
        var (mine, theirs) = (await NewAsync(server), await NewAsync(server));
        var user = await (await theirs.SignInAsync()).CreateUserIdAsync();

        (await (await mine.SignInAsync()).GetAsync($"/Users/{user}")).ExpectError(404);
        await mine.RefusedAsync("invalid_client", Basic($"{mine.Id}", theirs.Secret));
    }

    [SkippableTheory, EachDatabase]
    public async Task What_is_wrong_with_the_client_it_hears_the_same_of(Database database)
    {
        var client = await NewAsync(database);
        var disabled = await NewAsync(client.Server);
        await disabled.Clients.DisableAsync(disabled.Id, default);
        var expired = await NewAsync(client.Server, expiresAt: DateTimeOffset.UtcNow.AddMinutes(-1));
        var orphan = await NewAsync(client.Server);
        await orphan.Server.Services.GetRequiredService<Tenants>().DisableAsync(orphan.Scim.Tenant.Name, default);
        (string Id, string Secret)[] wrong =
        [
            ($"{client.Id}", "wrong"), ($"{client.Id}", ""), ($"{client.Id}", TokenSecret.Create()), ($"{client.Id}", client.Scim.Token!), ($"{client.Id}", client.Secret + "x"), ($"{client.Id}", "\t"),
            ($"{Guid.Empty}", client.Secret), ("entra", client.Secret), ("\t", client.Secret), ($"{client.Id:N}", client.Secret), ($"{disabled.Id}", disabled.Secret), ($"{expired.Id}", expired.Secret),
            ($"{orphan.Id}", orphan.Secret), (new string('x', 5000), "x"), ("é😀", "é😀"),
        ];
        var answers = new HashSet<string>();
        foreach (var (id, secret) in wrong)
        {
            var (header, byHeader) = await client.PostAsync(Basic(id, secret));
            var (body, byBody) = await client.PostAsync(null, ("client_id", id), ("client_secret", secret));
            Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest), (header, body));
            answers.UnionWith([byHeader.ToJsonString(), byBody.ToJsonString()]);
        }

        Assert.Contains("\"invalid_client\"", Assert.Single(answers), StringComparison.Ordinal);
    }

    [SkippableTheory, EachDatabase]
    public async Task What_is_no_request_for_client_credentials_is_refused_by_its_error_and_never_500(Database database)
    {
        var client = await NewAsync(database);
        var (basic, id) = (Basic($"{client.Id}", client.Secret), $"{client.Id}");

        Assert.Equal("invalid_request", await ErrorAsync(client, basic));
        Assert.Equal("unsupported_grant_type", await ErrorAsync(client, basic, ("grant_type", "password"), ("username", "x"), ("password", "x")));
        Assert.Equal("unsupported_grant_type", await ErrorAsync(client, basic, ("grant_type", "authorization_code"), ("code", "x")));
        Assert.Equal("unsupported_grant_type", await ErrorAsync(client, basic, ("grant_type", "client_credentials"), ("grant_type", "client_credentials")));
        await client.RefusedAsync("invalid_request", basic, ("client_id", id), ("client_secret", "another"));
        await client.RefusedAsync("invalid_client", Basic(id, "\0"));
        await client.RefusedAsync("invalid_client", Basic("\0", client.Secret));
        await client.RefusedAsync("invalid_request", null, ("client_id", "\0"), ("client_secret", "\0"));
        await client.RefusedAsync("invalid_client", "Basic !", ("scope", "scim:read"));
        await client.RefusedAsync("invalid_client", "Basic " + Convert.ToBase64String([0xff, 0xfe, 0x3a]));
        await client.RefusedAsync("invalid_client", "Basic", ("client_id", id), ("client_secret", client.Secret));
        await client.RefusedAsync("invalid_client", $"Bearer {client.Scim.Token}", ("client_id", id), ("client_secret", client.Secret));
        await client.RefusedAsync("invalid_client", $"Bearer {await client.TokenAsync()}");
        await client.RefusedAsync("invalid_client", null, ("client_id", id));
        await client.RefusedAsync("invalid_request", null, ("client_id", id), ("client_id", id), ("client_secret", client.Secret));
        await client.RefusedAsync("invalid_request", null, ("client_id", id), ("client_secret", client.Secret), ("client_secret", client.Secret));
        await client.RefusedAsync("invalid_request", basic, ("scope", "scim:read"), ("scope", "scim:write"));
        await client.RefusedAsync("invalid_client", null, ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", await client.TokenAsync()));

        // What it does not know it passes over (RFC 6749 §3.2).
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync(basic, ("resource", "https://example.com"), ("audience", "x"), ("x", "y"))).Status);
    }

    [SkippableTheory, EachDatabase]
    public async Task Wrong_secrets_of_an_address_are_limited_and_a_right_one_from_there_is_still_accepted(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, ("Access:FailuresPerMinute", "2"));
        var client = await NewAsync(server);
        await client.RefusedAsync("invalid_client", Basic($"{client.Id}", "wrong-1"));
        await client.RefusedAsync("invalid_client", Basic("nobody", "wrong-1"));
        await client.RefusedAsync("invalid_client", Basic($"{Guid.NewGuid()}", "wrong-1"));
        await client.RefusedAsync("invalid_client", Basic($"{client.Id}", "wrong-1"));
        using var limited = await SendAsync(server, Basic($"{client.Id}", "wrong-2"), [("grant_type", "client_credentials")]);

        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.InRange(limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        (await (await client.SignInAsync()).GetAsync("/Users")).Expect(200);
    }

    [Fact]
    public async Task The_metadata_name_the_endpoint_as_clients_reach_it_and_no_other_server()
    {
        using var http = new HttpClient();
        await using var server = await ScimServerFactory.StartAsync(Database.Sqlite, ("Scim:PublicBaseUrl", "https://example.com/idm/scim/v2"));
        var metadata = JsonNode.Parse(await http.GetStringAsync(new Uri(server.Address, "/.well-known/oauth-authorization-server")))!;
        JsonAssert.Has(
            """
            {"issuer":"https://example.com/idm","token_endpoint":"https://example.com/idm/oauth/token","jwks_uri":"https://example.com/idm/.well-known/jwks","grant_types_supported":["client_credentials"],
            "scopes_supported":["scim:read","scim:write","events"]}
            """,
            metadata.AsObject());
        Assert.Equal(["client_secret_basic", "client_secret_post"], metadata["token_endpoint_auth_methods_supported"]!.AsArray().Select(method => (string)method!).Order(StringComparer.Ordinal));
        var keys = JsonNode.Parse(await http.GetStringAsync(new Uri(server.Address, "/.well-known/jwks")))!["keys"]!.AsArray();
        Assert.Equal(3, keys.Count);
        Assert.All(keys, key => Assert.DoesNotContain("d", key!.AsObject()));
    }

    private static async Task<string?> ErrorAsync(TokenClient client, string authorization, params (string, string)[] form)
    {
        var (status, answer) = await PostAsync(client.Server, authorization, form);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        return (string?)answer["error"];
    }
}
