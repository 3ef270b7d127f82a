using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Authentication;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.OAuth;

/// <summary>Workload identity federation: Entra ID authenticates at the token endpoint by a JWT of its own (RFC 7523 §2.2, ENTRA-78).</summary>
public sealed class AssertionGrantTests : IDisposable
{
    private const string AppId = "b5ba7a93-4452-4522-aeb4-a2b5da870c16";
    private const string Audience = "api://" + AppId;
    private const string Subject = "5f0d7a07-5d3e-4a61-8e34-4f43b1ff3d0a";

    private readonly HttpClient http = new();

    public void Dispose() => http.Dispose();

    [SkippableTheory, EachDatabase]
    public async Task An_assertion_of_Entra_ID_is_exchanged_for_an_access_token_of_its_tenant(Database database)
    {
        var (issuer, scim) = await StartAsync(database);
        using var answer = await PostAsync(scim, Form(Assertion(issuer), more: ("scope", "scim")));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        var token = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(("Bearer", "scim:read scim:write"), ((string?)token["token_type"], (string?)token["scope"]));
        Assert.InRange((int)token["expires_in"]!, 580, 600);
        var entra = scim.WithToken((string)token["access_token"]!);
        (await entra.GetAsync("/Users/" + await entra.CreateUserIdAsync())).Expect(200);

        await scim.Server.Services.GetRequiredService<Tenants>().DisableAsync(scim.Tenant.Name, default);
        await RefusedAsync(scim, Form(Assertion(issuer)), "invalid_client");
    }

    [Fact]
    public async Task What_is_no_client_credentials_request_with_a_good_assertion_is_refused()
    {
        var (issuer, scim) = await StartAsync(Database.Sqlite);
        var good = Assertion(issuer);

        await RefusedAsync(scim, Form(issuer.Token(audience: Audience, subject: "another")), "invalid_client");
        await RefusedAsync(scim, Form(issuer.Token(audience: "api://another", subject: Subject)), "invalid_client");
        await RefusedAsync(scim, Form($"eyJhbGciOiJub25lIn0.{good.Split('.')[1]}."), "invalid_client");
        await RefusedAsync(scim, Form(scim.Token!), "invalid_client");
        await RefusedAsync(scim, Form(good, clientId: "fabrikam"), "invalid_client");
        await RefusedAsync(scim, Form(good, grant: "password"), "unsupported_grant_type");
        await RefusedAsync(scim, Form(good, type: "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"), "invalid_client");
        await RefusedAsync(scim, Form(good, more: ("client_assertion", good)), "invalid_client");
        await RefusedAsync(scim, Form(good, more: ("x", new string('x', 40_000))), "invalid_request");
        await RefusedAsync(scim, [("client_id", "contoso")], "invalid_request");
        await RefusedAsync(scim, [("grant_type", "client_credentials"), ("client_id", "contoso"), ("client_secret", "secret")], "invalid_client");

        using var json = await http.PostAsync(Address(scim), new StringContent("{}", null, "application/json"));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (json.StatusCode, await ErrorAsync(json)));
        using var basic = new HttpRequestMessage(HttpMethod.Post, Address(scim)) { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        basic.Headers.Authorization = new("Basic", "Y29udG9zbzpzZWNyZXQ=");
        using var unauthorized = await http.SendAsync(basic);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (unauthorized.StatusCode, await ErrorAsync(unauthorized)));
        Assert.Equal("Basic", unauthorized.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Theory]
    [InlineData("")]
    [InlineData("contoso")]
    [InlineData(Subject)]
    public async Task The_client_id_is_optional_and_the_name_of_the_issuer_or_that_of_the_client(string clientId)
    {
        var (issuer, scim) = await StartAsync(Database.Sqlite);
        using var answer = await PostAsync(scim, Form(Assertion(issuer), clientId));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task While_the_issuer_is_down_the_client_is_told_to_come_again()
    {
        var (issuer, scim) = await StartAsync(Database.Sqlite);
        issuer.IsDown = true;
        using var answer = await PostAsync(scim, Form(Assertion(issuer)));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "temporarily_unavailable"), (answer.StatusCode, await ErrorAsync(answer)));
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task Wrong_assertions_of_an_address_are_limited_and_a_right_one_from_there_is_still_accepted()
    {
        var (issuer, scim) = await StartAsync(Database.Sqlite, ("Access:FailuresPerMinute", "2"));
        await RefusedAsync(scim, Form("eyJ.a.b"), "invalid_client");
        await RefusedAsync(scim, Form("eyJ.a.c"), "invalid_client");
        await RefusedAsync(scim, Form("eyJ.a.b"), "invalid_client");
        using var limited = await PostAsync(scim, Form("eyJ.a.d"));
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.InRange(limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        using var right = await PostAsync(scim, Form(Assertion(issuer)));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task Without_issuers_no_assertion_is_accepted()
    {
        var scim = await TestServers.NewTenantAsync(Database.Sqlite);
        await RefusedAsync(scim, Form("eyJ.a.b"), "invalid_client");
    }

    private static async Task<(TestIssuer Issuer, ScimClient Scim)> StartAsync(Database database, params (string, string?)[] more)
    {
        var issuer = await TestIssuer.StartAsync();
        TestRun.OnEnd(() => issuer.DisposeAsync().AsTask().GetAwaiter().GetResult());
        (string, string?)[] entra = [("Name", "contoso"), ("Audience", Audience), ("Subjects:0", Subject), ("Scopes", "scim:read scim:write")];
        var server = await ScimServerFactory.StartAsync(database, [.. issuer.Trusted("contoso", entra), .. more]);
        var tenant = await server.Services.GetRequiredService<Tenants>().CreateAsync("contoso", default);
        var token = await server.Services.GetRequiredService<AccessTokens>().CreateAsync("contoso", "test", null, default);
        return (issuer, new ScimClient(server, tenant, token.Secret));
    }

    /// <summary>What Entra ID sends.</summary>
    private static string Assertion(TestIssuer issuer) => issuer.Token(audience: Audience, subject: Subject, claims: [("appid", AppId), ("ver", "2.0")]);

    private static (string, string)[] Form(
        string assertion,
        string clientId = "contoso",
        string grant = "client_credentials",
        string type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        params (string, string)[] more) =>
        [("grant_type", grant), ("client_id", clientId), ("client_assertion_type", type), ("client_assertion", assertion), .. more];

    private static Uri Address(ScimClient scim) => new(scim.Server.Address, "/oauth/token");

    private Task<HttpResponseMessage> PostAsync(ScimClient scim, (string Name, string Value)[] form) =>
        http.PostAsync(Address(scim), new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    private async Task RefusedAsync(ScimClient scim, (string, string)[] form, string error)
    {
        using var answer = await PostAsync(scim, form);
        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.StatusCode, await ErrorAsync(answer)));
    }

    private static async Task<string?> ErrorAsync(HttpResponseMessage answer) => (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"];
}
