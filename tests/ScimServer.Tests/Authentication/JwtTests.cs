using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Authentication;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Authentication;

/// <summary>JWTs of issuers that the configuration trusts, as bearer tokens (RFC 7519, RFC 6750).</summary>
public class JwtTests
{
    private const string Scopes = "scim:read scim:write";

    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(10);

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
        await using var server = await ScimServerFactory.StartAsync(database, issuer.Trusted("acme", ("Scopes", Scopes)));
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
            ["client in another case"] = issuer.Token(subject: "Client-1"),
            ["no client"] = issuer.Token(subject: ""),
            ["HS256 with the public key"] = issuer.Token(signing: new SigningCredentials(PublicKeyAsSecret(issuer), SecurityAlgorithms.HmacSha256)),
            ["unknown key"] = issuer.Token(signing: new SigningCredentials(TestIssuer.NewKey(), SecurityAlgorithms.RsaSha256)),
            ["a logout token"] = issuer.Token(type: "logout+jwt"),
            ["a critical header"] = issuer.Token(header: ("crit", new[] { "exp" })),
            ["too long"] = issuer.Token(claims: ("more", new string('a', JwtShape.MaxLength))),
            ["no base64url"] = "eyJ.?.?",
            ["no JSON"] = "eyJhbGciOiJSUzI1NiJ9.AAAA.AAAA",
            ["no JWT"] = "a.b.c",
            ["dots"] = "..",
        };
        foreach (var (what, token) in wrong)
        {
            var answer = await scim.WithToken(token).GetAsync("/Users");
            Assert.True(answer.Status == 401, $"{what}: {answer.Status} {answer.Text}");
            Assert.Equal((unknown.TextWithoutReference, unknown.Header("WWW-Authenticate")), (answer.TextWithoutReference, answer.Header("WWW-Authenticate")));
        }

        (await scim.WithToken(issuer.Token()).GetAsync("/Users")).Expect(200);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_tenant_is_named_by_a_claim_and_a_disabled_or_unknown_one_is_refused(Database database)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ScimServerFactory.StartAsync(database, issuer.Trusted(
            "", ("Tenant", null), ("TenantClaim", "org"), ("Tenants:1", "one"), ("Tenants:2", "two"), ("Tenants:3", "nobody"), ("Scopes", Scopes)));
        var tenants = server.Services.GetRequiredService<Tenants>();
        var (one, two) = (await tenants.CreateAsync("one", default), await tenants.CreateAsync("two", default));
        var scim = await TestServers.NewTenantAsync(server);
        Task<ScimResponse> UsersOf(object org) => scim.WithToken(issuer.Token(claims: ("org", org))).GetAsync("/Users");
        await scim.WithToken(issuer.Token(claims: ("org", "1"))).CreateUserAsync("one");

        Assert.Single((await UsersOf("1")).Expect(200).Resources);
        Assert.Empty((await UsersOf("2")).Expect(200).Resources);
        foreach (var wrong in (object[])["3", "one", "two", scim.Tenant.Name, "", new[] { "1", "2" }])
        {
            (await UsersOf(wrong)).ExpectError(401);
        }

        (await scim.WithToken(issuer.Token()).GetAsync("/Users")).ExpectError(401);
        await tenants.DisableAsync(one.Name, default);
        (await UsersOf("1")).ExpectError(401);
        Assert.NotEqual(one.Id, two.Id);
    }

    [SkippableTheory]
    [EachDatabase(false)]
    [EachDatabase(true)]
    public async Task An_issuer_may_change_its_keys_while_the_server_runs(Database database, bool bareKeys)
    {
        var time = new MovableTime();
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ScimServerFactory.StartAsync(database, time, issuer.Trusted("acme", ("Scopes", Scopes), ("JwksUri", bareKeys ? issuer.Url + "/keys" : null)));
        var scim = await AcmeAsync(server);
        var before = issuer.Token();
        var foreign = Enumerable.Range(0, 3).Select(_ => new SigningCredentials(TestIssuer.NewKey(), SecurityAlgorithms.RsaSha256)).ToArray();
        (await scim.WithToken(before).GetAsync("/Users")).Expect(200);

        time.Move(AtMostEvery);
        issuer.ChangeKey();

        // The first already: an identity provider whose token is refused may stop provisioning (ENTRA-76).
        (await scim.WithToken(issuer.Token()).GetAsync("/Users")).Expect(200);
        (await scim.WithToken(before).GetAsync("/Users")).ExpectError(401);

        var asked = issuer.Asked;
        var forged = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => scim.WithToken(issuer.Token(signing: foreign[i % foreign.Length])).GetAsync("/Users")));
        Assert.All(forged, answer => answer.ExpectError(401));
        Assert.Equal(asked, issuer.Asked);
    }

    [SkippableTheory, EachDatabase]
    public async Task While_an_issuer_is_down_its_tokens_are_put_off_and_not_refused_and_known_keys_go_on(Database database)
    {
        var time = new MovableTime();
        await using var issuer = await TestIssuer.StartAsync();
        issuer.IsDown = true;
        await using var server = await ScimServerFactory.StartAsync(database, time, issuer.Trusted("acme", ("Scopes", Scopes)));
        var scim = await AcmeAsync(server);

        var putOff = await scim.WithToken(issuer.Token()).GetAsync("/Users");
        putOff.ExpectError(503);
        Assert.NotNull(putOff.Header("Retry-After"));
        (await scim.GetAsync("/Users")).Expect(200);

        issuer.IsDown = false;
        time.Move(AtMostEvery);
        (await scim.WithToken(issuer.Token()).GetAsync("/Users")).Expect(200);

        issuer.IsDown = true;
        time.Move(TimeSpan.FromHours(2));
        var later = issuer.Token(expires: TimeSpan.FromHours(3));
        (await scim.WithToken(later).GetAsync("/Users")).Expect(200);
        time.Move(AtMostEvery);
        (await scim.WithToken(issuer.Token(signing: new SigningCredentials(TestIssuer.NewKey(), SecurityAlgorithms.RsaSha256))).GetAsync("/Users")).ExpectError(503);
        (await scim.WithToken(later).GetAsync("/Users")).Expect(200);
        (await scim.WithToken(issuer.Token(expires: TimeSpan.FromHours(4))).GetAsync("/Users")).Expect(200);
    }

    [Fact]
    public async Task An_issuer_that_does_not_answer_delays_neither_the_start_nor_other_tokens_and_its_own_for_seconds_only()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var answer = new TaskCompletionSource();
        issuer.Gate = answer.Task;
        await using var server = await ScimServerFactory.StartAsync(Database.Sqlite, issuer.Trusted("acme", ("Scopes", Scopes)));
        var scim = await AcmeAsync(server);

        var waiting = scim.WithToken(issuer.Token()).GetAsync("/Users");
        (await scim.GetAsync("/Users")).Expect(200);
        (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).ExpectError(503);
        (await scim.WithToken(issuer.Token()).GetAsync("/ServiceProviderConfig")).Expect(200);
        answer.SetResult();
    }

    [Theory]
    [InlineData("not JSON", null)]
    [InlineData("[]", null)]
    [InlineData("{}", null)]
    [InlineData("""{"issuer":"https://elsewhere.example.com","jwks_uri":"<keys>"}""", null)]
    [InlineData("""{"issuer":"<issuer>","jwks_uri":"file:///etc/passwd"}""", null)]
    [InlineData(null, "not JSON")]
    [InlineData(null, "[]")]
    [InlineData(null, """{"keys":[]}""")]
    [InlineData(null, """{"keys":[{"kty":"oct","kid":"k","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"}]}""")]
    public async Task What_an_issuer_tells_and_makes_no_sense_makes_no_token_right(string? metadata, string? keys)
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Told = (metadata?.Replace("<issuer>", issuer.Url, StringComparison.Ordinal).Replace("<keys>", issuer.Url + "/keys", StringComparison.Ordinal), keys);
        await using var server = await ScimServerFactory.StartAsync(Database.Sqlite, issuer.Trusted("acme", ("Scopes", Scopes)));
        var scim = await AcmeAsync(server);

        (await scim.WithToken(issuer.Token()).GetAsync("/Users")).ExpectError(503);
        (await scim.GetAsync("/Users")).Expect(200);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_tenant_that_another_instance_disabled_is_refused_within_five_seconds(Database database)
    {
        var time = new MovableTime();
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ScimServerFactory.StartAsync(database, time, issuer.Trusted("acme", ("Scopes", Scopes)));
        var scim = (await AcmeAsync(server)).WithToken(issuer.Token());
        (await scim.GetAsync("/Users")).Expect(200);

        await using (var context = server.Services.GetRequiredService<ScimDatabase>().OpenForAccess())
        {
            await context.Tenants.Where(tenant => tenant.Id == scim.Tenant.Id).ExecuteUpdateAsync(set => set.SetProperty(tenant => tenant.DisabledAt, DateTimeOffset.UtcNow));
        }

        time.Move(TimeSpan.FromSeconds(5));
        (await scim.GetAsync("/Users")).ExpectError(401);
    }

    [Fact]
    public async Task Clocks_may_differ_by_a_minute_and_nothing_is_believed_beyond()
    {
        var time = new MovableTime();
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ScimServerFactory.StartAsync(Database.Sqlite, time, issuer.Trusted("acme", ("Scopes", Scopes)));
        var scim = await AcmeAsync(server);
        var old = scim.WithToken(issuer.Token(expires: TimeSpan.FromSeconds(-40)));

        (await scim.WithToken(issuer.Token(notBefore: TimeSpan.FromSeconds(50))).GetAsync("/Users")).Expect(200);
        (await old.GetAsync("/Users")).Expect(200);
        time.Move(TimeSpan.FromSeconds(21));
        (await old.GetAsync("/Users")).ExpectError(401);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_token_of_an_issuer_follows_events_too(Database database)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ScimServerFactory.StartAsync(database, issuer.Trusted("acme"));
        var scim = await AcmeAsync(server);
        await scim.CreateUserAsync();
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", issuer.Token(claims: ("scope", "events")));

        using var answer = await http.GetAsync(new Uri(server.Address, "/events?wait=1"));
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"alg":1}""", null)]
    [InlineData("""{"alg":["RS256"],"kid":{}}""", null)]
    [InlineData("""{"alg":"RS256","kid":["k"],"typ":{}}""", null)]
    [InlineData("""{"alg":"RS256","alg":"none"}""", null)]
    [InlineData("""{"alg":"RS256"}""", null)]
    [InlineData("""{"alg":"RS256","x5t":"x","x5c":["x"],"jwk":{"kty":"oct","k":"c2VjcmV0"},"jku":"http://127.0.0.1:1/"}""", null)]
    [InlineData("{\"alg\":\"RS256\"", null)]
    [InlineData(null, "[]")]
    [InlineData(null, "null")]
    [InlineData(null, """{"iss":1,"aud":{}}""")]
    [InlineData(null, """{"iss":["<issuer>"],"aud":"api://scim"}""")]
    [InlineData(null, """{"iss":"<issuer>","aud":[["api://scim"],1,null]}""")]
    [InlineData(null, """{"iss":"<issuer>","aud":"api://scim","exp":"x"}""")]
    [InlineData(null, """{"iss":"<issuer>","aud":"api://scim","exp":1e400,"nbf":-1e400}""")]
    [InlineData(null, """{"iss":"<issuer>","aud":"api://scim","exp":99999999999999999999}""")]
    [InlineData(null, """{"iss":"<issuer>","aud":"api://scim","sub":"\ud800"}""")]
    public async Task What_is_no_JWT_behind_its_dots_is_an_unknown_token(string? header, string? claims)
    {
        var (issuer, scim) = await Hostile.Value;
        var right = issuer.Token().Split('.');
        var token = string.Join('.', header is null ? right[0] : Url(header), claims is null ? right[1] : Url(claims.Replace("<issuer>", issuer.Url, StringComparison.Ordinal)), right[2]);
        (await scim.WithToken(token).GetAsync("/Users")).ExpectError(401);
    }

    [Fact]
    public async Task An_expiry_beyond_the_calendar_is_no_failure()
    {
        var (issuer, scim) = await Hostile.Value;
        (await scim.WithToken(issuer.Token(expires: DateTime.MaxValue - DateTime.UtcNow - TimeSpan.FromMinutes(1))).GetAsync("/Users")).Expect(200);
    }

    private static readonly Lazy<Task<(TestIssuer Issuer, ScimClient Scim)>> Hostile = new(async () =>
    {
        var issuer = await TestIssuer.StartAsync();
        TestRun.OnEnd(() => issuer.DisposeAsync().AsTask().GetAwaiter().GetResult());
        return (issuer, await AcmeAsync(await ScimServerFactory.StartAsync(Database.Sqlite, issuer.Trusted("acme", ("Scopes", Scopes)))));
    });

    [Fact]
    public async Task Where_no_issuer_is_trusted_a_JWT_is_an_unknown_token()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var scim = await TestServers.NewTenantAsync(Database.Sqlite);
        (await scim.WithToken(issuer.Token()).GetAsync("/Users")).ExpectError(401);
        Assert.Equal(0, issuer.Asked);
    }

    private static SymmetricSecurityKey PublicKeyAsSecret(TestIssuer issuer)
    {
        using var rsa = RSA.Create(issuer.Key.Parameters);
        return new SymmetricSecurityKey(Encoding.UTF8.GetBytes(rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = issuer.Key.KeyId };
    }

    private static string Url(string text) => Base64UrlEncoder.Encode(text);

    private static async Task<ScimClient> AcmeAsync(ScimServerFactory server)
    {
        var tenant = await server.Services.GetRequiredService<Tenants>().CreateAsync("acme", default);
        return new ScimClient(server, tenant, (await server.Services.GetRequiredService<AccessTokens>().CreateAsync("acme", "idp:client-1", null, default)).Secret);
    }
}
