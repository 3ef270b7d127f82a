using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ScimServer.Benchmarks;

/// <summary>An issuer of JWTs, as large customers have one.</summary>
internal sealed class BenchmarkIssuer : IAsyncDisposable
{
    private const string Audience = "scim";

    private readonly WebApplication app;
    private readonly RsaSecurityKey key;

    private BenchmarkIssuer(WebApplication app, RsaSecurityKey key)
    {
        this.app = app;
        this.key = key;
    }

    private string Address => app.Urls.First();

    /// <summary>What makes a server trust it.</summary>
    public IEnumerable<(string Name, string Value)> Settings =>
    [
        ("Jwt__Issuers__0__Name", "benchmarks"), ("Jwt__Issuers__0__Issuer", Address), ("Jwt__Issuers__0__JwksUri", $"{Address}/keys"), ("Jwt__Issuers__0__Audience", Audience),
        ("Jwt__Issuers__0__Tenant", "default"), ("Jwt__Issuers__0__RequireHttps", "false"),
    ];

    public static async Task<BenchmarkIssuer> StartAsync()
    {
        var key = new RsaSecurityKey(RSA.Create(2048)) { KeyId = "1" };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(key.Rsa.ExportParameters(false)) { KeyId = key.KeyId });
        app.MapGet("/keys", () => $$"""{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"{{jwk.Kid}}","n":"{{jwk.N}}","e":"{{jwk.E}}"}]}""");
        await app.StartAsync();
        return new BenchmarkIssuer(app, key);
    }

    /// <summary>A token for a day.</summary>
    public string CreateToken() => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Address,
        Audience = Audience,
        Expires = DateTime.UtcNow.AddDays(1),
        Claims = new Dictionary<string, object> { ["sub"] = "client", ["scope"] = "scim:read scim:write" },
        SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
    });

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Rsa.Dispose();
    }
}
