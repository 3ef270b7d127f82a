using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace ScimServer.Events.SecurityEvents;

/// <summary>What receivers find without a token: where everything is (EVT-75), and the public keys.</summary>
internal static class DiscoveryEndpoints
{
    /// <summary>How long receivers may believe it: shorter than the time for which a new key is known before it signs.</summary>
    private const string Cached = "public, max-age=300";

    public static async Task KeysAsync(HttpContext context)
    {
        var keys = await context.RequestServices.GetRequiredService<SigningKeyRing>().PublishedAsync(context.RequestAborted);
        await WriteAsync(context, "application/jwk-set+json", keys);
    }

    /// <summary>The same for every number, whether or not there is a tenant of it.</summary>
    public static Task ConfigurationAsync(HttpContext context)
    {
        var address = context.RequestServices.GetRequiredService<StreamAddress>().For(context.Request);
        var tenantId = int.Parse((string)context.Request.RouteValues["tenantId"]!, System.Globalization.CultureInfo.InvariantCulture);
        var configuration = new JsonObject
        {
            ["spec_version"] = "1_0",
            ["issuer"] = StreamAddress.IssuerOf(address, tenantId),
            ["jwks_uri"] = address + StreamAddress.KeysPath,
            ["delivery_methods_supported"] = new JsonArray(StreamConfiguration.Push, StreamConfiguration.Poll),
            ["configuration_endpoint"] = $"{address}/{StreamAddress.Path}/streams",
            ["status_endpoint"] = $"{address}/{StreamAddress.Path}/status",
            ["verification_endpoint"] = $"{address}/{StreamAddress.Path}/verify",
            ["authorization_schemes"] = new JsonArray(new JsonObject { ["spec_urn"] = "urn:ietf:rfc:6750" }),
            ["default_subjects"] = "ALL",
        };
        return WriteAsync(context, "application/json", configuration.ToJsonString());
    }

    /// <summary>Maps both, unless streams are switched off.</summary>
    public static void Map(WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<SecurityEventsOptions>>().Value.Enabled)
        {
            app.MapGet(StreamAddress.KeysPath, KeysAsync).AllowAnonymous().ExcludeFromDescription();
            app.MapGet(StreamAddress.DiscoveryPath, ConfigurationAsync).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static Task WriteAsync(HttpContext context, string mediaType, string json)
    {
        context.Response.ContentType = mediaType;
        context.Response.Headers.CacheControl = Cached;
        return context.Response.WriteAsync(json, context.RequestAborted);
    }
}
