using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace ScimServer.Authentication;

/// <summary>What an issuer publishes: its name and its keys (OpenID Connect Discovery 1.0 §4, RFC 8414, RFC 7517).</summary>
internal static class IssuerMetadata
{
    /// <summary>More keys than this are not looked at: a token without <c>kid</c> is tried with each.</summary>
    private const int MaxKeys = 50;

    private const string WellKnown = "/.well-known/openid-configuration";

    /// <summary>Whether keys may be read there.</summary>
    public static bool IsFetchable(string? url, bool requireHttps) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && !requireHttps));

    /// <summary>The keys that the issuer signs with. Symmetric ones are left out: nobody else may know them, so they cannot be published.</summary>
    /// <exception cref="InvalidDataException">What is published is not what it should be.</exception>
    public static async Task<IReadOnlyList<SecurityKey>> ReadKeysAsync(HttpClient http, JwtIssuerOptions options, CancellationToken cancellationToken)
    {
        var address = string.IsNullOrWhiteSpace(options.JwksUri) ? await ReadJwksUriAsync(http, options, cancellationToken) : options.JwksUri;
        var json = await http.GetStringAsync(new Uri(address), cancellationToken);
        var keys = new JsonWebKeySet(json).GetSigningKeys().Where(key => key is AsymmetricSecurityKey or JsonWebKey { Kty: "RSA" or "EC" }).Take(MaxKeys).ToList();
        return keys.Count > 0 ? keys : throw new InvalidDataException($"{address} holds no key to verify signatures with.");
    }

    private static async Task<string> ReadJwksUriAsync(HttpClient http, JwtIssuerOptions options, CancellationToken cancellationToken)
    {
        var address = options.KeysFrom.TrimEnd('/') + WellKnown;
        using var metadata = JsonDocument.Parse(await http.GetStringAsync(new Uri(address), cancellationToken));
        var (issuer, jwksUri) = (Text(metadata.RootElement, "issuer"), Text(metadata.RootElement, "jwks_uri"));

        // Else whoever serves the metadata could speak for another issuer (OpenID Connect Discovery 1.0 §4.3).
        if (issuer != options.Issuer)
        {
            throw new InvalidDataException($"{address} is about the issuer \"{issuer}\". If that is the one, configure it as Issuer.");
        }

        return IsFetchable(jwksUri, options.RequireHttps) ? jwksUri! : throw new InvalidDataException($"{address} names no jwks_uri that keys may be read from.");
    }

    private static string? Text(JsonElement metadata, string name) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
