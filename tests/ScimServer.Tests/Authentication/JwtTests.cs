using System.Diagnostics;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Authentication;

/// <summary>JWTs of issuers that the configuration trusts, as bearer tokens (RFC 7519, RFC 6750).</summary>
public class JwtTests
{
    private const string Scopes = "scim:read scim:write";

    [SkippableTheory, EachDatabase]
    public async Task A_token_of_a_trusted_issuer_gives_access_to_its_tenant_as_far_as_its_scopes_go(Database database)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ScimServerFactory.StartAsync(database, issuer.Trusted("acme", ("Roles:Scim.Provision", Scopes)));
        var scim = await AcmeAsync(server);

        var id = (string)(await scim.WithToken(issuer.Token(claims: ("scope", Scopes))).CreateUserAsync())["id"]!;
        (await scim.GetAsync("/Users/" + id)).Expect(200);
        (await scim.WithToken(issuer.Token(claims: ("scope", "Scim.Provision"))).DeleteAsync("/Users/" + id)).Expect(204);
        (await scim.WithToken(issuer.Token(claims: ("scope", new[] { "scim:read", "other" }))).GetAsync("/Users")).Expect(200);

        await using var context = server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        Assert.All(await context.Changes.ToListAsync(), change => Assert.Equal("idp:client-1", change.Actor));

        var reader = scim.WithToken(issuer.Token(claims: ("scope", "scim:read admin")));
        (await reader.GetAsync("/Users")).Expect(200);
        var refused = await reader.PostAsync("/Users", "{}");
        refused.ExpectError(403);
        Assert.Contains("error=\"insufficient_scope\"", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
        (await scim.WithToken(issuer.Token()).GetAsync("/Users")).ExpectError(403);
        (await new Admin.AdminClient(server, issuer.Token(claims: ("scope", "admin scim:read"))).GetAsync("/tenants")).Expect(403);
    }

    [SkippableTheory, EachDatabase]
    public async Task Whatever_is_wrong_with_a_token_the_answer_is_that_of_an_unknown_one(Database database)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ScimServerFactory.StartAsync(database, issuer.Trusted("acme", ("Scopes", Scopes), ("Subjects:0", "client-1")));
        var scim = await AcmeAsync(server);
        (await scim.WithToken(issuer.Token()).GetAsync("/Users")).Expect(200);
        var unknown = await scim.WithToken(TokenSecret.Create()).GetAsync("/Users");
        var right = issuer.Token().Split('.');
        var shared = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(new string('k', 64)));

        var wrong = new Dictionary<string, string>
        {
            ["issuer"] = issuer.Token(issuer: "https://elsewhere.example.com"),
            ["audience"] = issuer.Token(audience: "api://other"),
            ["key"] = issuer.Token(signing: new SigningCredentials(TestIssuer.NewKey(), SecurityAlgorithms.RsaSha256)),
            ["key under a known name"] = issuer.Token(signing: new SigningCredentials(shared, SecurityAlgorithms.HmacSha256)),
            ["alg=none"] = $"{Url("""{"alg":"none","typ":"JWT"}""")}.{right[1]}.",
            ["alg=none with a signature"] = $"{Url("""{"alg":"none","typ":"JWT"}""")}.{right[1]}.{right[2]}",
            ["no signature"] = $"{right[0]}.{right[1]}.",
            ["another body"] = $"{right[0]}.{Url("""{"iss":"x","aud":"api://scim"}""")}.{right[2]}",
            ["expired"] = issuer.Token(notBefore: TimeSpan.FromHours(-2), expires: TimeSpan.FromMinutes(-2)),
            ["not yet valid"] = issuer.Token(notBefore: TimeSpan.FromMinutes(2)),
            ["client"] = issuer.Token(subject: "client-2"),
            ["no JWT"] = "a.b.c",
            ["dots"] = "..",
        };
        foreach (var (what, token) in wrong)
        {
            var answer = await scim.WithToken(token).GetAsync("/Users");
            Assert.True(answer.Status == 401, $"{what}: {answer.Status} {answer.Text}");
            Assert.Equal((unknown.Text, unknown.Header("WWW-Authenticate")), (answer.Text, answer.Header("WWW-Authenticate")));
        }

        (await scim.WithToken(issuer.Token()).GetAsync("/Users")).Expect(200);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_tenant_is_named_by_a_claim_and_a_disabled_or_unknown_one_is_refused(Database database)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ScimServerFactory.StartAsync(database, issuer.Trusted("", ("Tenant", null), ("TenantClaim", "org"), ("Scopes", Scopes)));
        var (one, two) = (await TestServers.NewTenantAsync(server), await TestServers.NewTenantAsync(server));
        await one.CreateUserAsync("one");

        (await one.WithToken(issuer.Token(claims: ("org", one.Tenant.Name))).GetAsync("/Users")).Expect(200);
        Assert.Single((await one.WithToken(issuer.Token(claims: ("org", one.Tenant.Name))).GetAsync("/Users")).Resources);
        Assert.Empty((await two.WithToken(issuer.Token(claims: ("org", two.Tenant.Name))).GetAsync("/Users")).Expect(200).Resources);
        (await one.WithToken(issuer.Token(claims: ("org", "nobody"))).GetAsync("/Users")).ExpectError(401);
        (await one.WithToken(issuer.Token()).GetAsync("/Users")).ExpectError(401);
        await server.Services.GetRequiredService<Tenants>().DisableAsync(one.Tenant.Name, default);
        (await one.WithToken(issuer.Token(claims: ("org", one.Tenant.Name))).GetAsync("/Users")).ExpectError(401);
    }

    [SkippableTheory]
    [EachDatabase(false)]
    [EachDatabase(true)]
    public async Task An_issuer_may_change_its_keys_while_the_server_runs(Database database, bool bareKeys)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ScimServerFactory.StartAsync(database, issuer.Trusted("acme", ("Scopes", Scopes), ("JwksUri", bareKeys ? issuer.Url + "/keys" : null)));
        var scim = await AcmeAsync(server);
        var before = issuer.Token();
        (await scim.WithToken(before).GetAsync("/Users")).Expect(200);

        issuer.ChangeKey();

        var since = Stopwatch.StartNew();
        while ((await scim.WithToken(issuer.Token()).GetAsync("/Users")).Status != 200)
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(5), "The new key is not known yet.");
            await Task.Delay(50);
        }

        (await scim.WithToken(before).GetAsync("/Users")).ExpectError(401);
    }

    [SkippableTheory, EachDatabase]
    public async Task While_an_issuer_is_down_its_tokens_are_put_off_and_not_refused_and_known_keys_go_on(Database database)
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.IsDown = true;
        await using var server = await ScimServerFactory.StartAsync(database, issuer.Trusted("acme", ("Scopes", Scopes)));
        var scim = await AcmeAsync(server);

        var putOff = await scim.WithToken(issuer.Token()).GetAsync("/Users");
        putOff.ExpectError(503);
        Assert.NotNull(putOff.Header("Retry-After"));
        (await scim.GetAsync("/Users")).Expect(200);

        issuer.IsDown = false;
        var since = Stopwatch.StartNew();
        while ((await scim.WithToken(issuer.Token()).GetAsync("/Users")).Status != 200)
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(60), "The issuer is up again, and not asked.");
            await Task.Delay(200);
        }

        issuer.IsDown = true;
        (await scim.WithToken(issuer.Token()).GetAsync("/Users")).Expect(200);
    }

    private static string Url(string text) => Base64UrlEncoder.Encode(text);

    private static async Task<ScimClient> AcmeAsync(ScimServerFactory server)
    {
        var tenant = await server.Services.GetRequiredService<Tenants>().CreateAsync("acme", default);
        return new ScimClient(server, tenant, (await server.Services.GetRequiredService<AccessTokens>().CreateAsync("acme", "idp:client-1", null, default)).Secret);
    }
}
