using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ScimServer.Tests.Authentication;

/// <summary>An OpenID provider that tells its keys over HTTP, changes them, and can fail.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "api://scim";

    private readonly WebApplication app;
    private RsaSecurityKey key = NewKey();

    private TestIssuer(WebApplication app) => this.app = app;

    public string Url { get; private set; } = "";

    public bool IsDown { get; set; }

    /// <summary>Awaited before each answer.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What is told in the place of the metadata, of the keys, or of both.</summary>
    public (string? Metadata, string? Keys) Told { get; set; }

    /// <summary>How often it was asked for its keys.</summary>
    public int Asked { get; private set; }

    public RsaSecurityKey Key => key;

    /// <summary>The settings of a server that trusts the issuer for a tenant; further ones by name.</summary>
    public (string Key, string? Value)[] Trusted(string tenant, params (string Name, string? Value)[] more) =>
    [
        ("Jwt:Issuers:0:Name", "idp"),
        ("Jwt:Issuers:0:Issuer", Url),
        ("Jwt:Issuers:0:Audience", Audience),
        ("Jwt:Issuers:0:Tenant", tenant),
        ("Jwt:Issuers:0:Subjects:0", "client-1"),
        ("Jwt:Issuers:0:RequireHttps", "false"),
        .. more.Select(setting => ("Jwt:Issuers:0:" + setting.Name, setting.Value)),
    ];

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var issuer = new TestIssuer(app);
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/.well-known/openid-configuration", () => issuer.AnswerAsync(issuer.Told.Metadata ?? $$"""{"issuer":"{{issuer.Url}}","jwks_uri":"{{issuer.Url}}/keys"}"""));
        app.MapGet("/keys", () =>
        {
            issuer.Asked++;
            return issuer.AnswerAsync(issuer.Told.Keys ?? issuer.Keys());
        });
        await app.StartAsync();
        issuer.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return issuer;
    }

    /// <summary>From now on signs with another key, and tells only that one.</summary>
    public void ChangeKey() => key = NewKey();

    public static RsaSecurityKey NewKey()
    {
        using var rsa = RSA.Create(2048);
        return new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: true)) { KeyId = Guid.NewGuid().ToString("N") };
    }

    /// <summary>A token that is right in everything that is not given otherwise.</summary>
    public string Token(
        string? issuer = null,
        string audience = Audience,
        string subject = "client-1",
        TimeSpan? notBefore = null,
        TimeSpan? expires = null,
        SigningCredentials? signing = null,
        string type = "JWT",
        (string Name, object Value)? header = null,
        params (string Name, object Value)[] claims)
    {
        var now = DateTime.UtcNow;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Url,
            Audience = audience,
            IssuedAt = now,
            NotBefore = now + (notBefore ?? TimeSpan.FromMinutes(-1)),
            Expires = now + (expires ?? TimeSpan.FromMinutes(10)),
            TokenType = type,
            AdditionalHeaderClaims = header is { } more ? new Dictionary<string, object> { [more.Name] = more.Value } : null,
            SigningCredentials = signing ?? new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
            Claims = claims.Append(("sub", (object)subject)).ToDictionary(claim => claim.Item1, claim => claim.Item2),
        });
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> AnswerAsync(string json)
    {
        await Gate;
        return IsDown ? Results.StatusCode(503) : Results.Text(json, "application/json");
    }

    private string Keys()
    {
        var web = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(key.Parameters.Modulus is null ? key.Rsa.ExportParameters(false) : Public(key.Parameters)) { KeyId = key.KeyId });
        return $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"{{web.Kid}}","n":"{{web.N}}","e":"{{web.E}}"}]}""";
    }

    private static RSAParameters Public(RSAParameters parameters) => new() { Modulus = parameters.Modulus, Exponent = parameters.Exponent };
}
