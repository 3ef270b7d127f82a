using System.Text.Json.Nodes;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;
using Scim.Json;

namespace ScimServer.Events.SecurityEvents;

/// <summary>A stream in the words of the Shared Signals Framework (EVT-76).</summary>
internal static class StreamConfiguration
{
    public const string Push = "urn:ietf:rfc:8935";
    public const string Poll = "urn:ietf:rfc:8936";

    private const int MaxEvents = 100;

    /// <summary>The configuration as it is shown. The Authorization header is not.</summary>
    public static JsonObject Show(EventStreamRow stream, string baseUrl)
    {
        var shown = new JsonObject
        {
            ["stream_id"] = stream.Id.ToString(),
            ["iss"] = stream.Issuer,
            ["aud"] = new JsonArray(stream.Audience),
            ["events_supported"] = Array(SecurityEventUris.All),
            ["events_requested"] = Array(stream.Events ?? SecurityEventUris.Of(stream.Mode)),
            ["events_delivered"] = Array(SecurityEventUris.Delivered(stream)),
            ["delivery"] = new JsonObject
            {
                ["method"] = stream.Delivery == StreamDelivery.Push ? Push : Poll,
                ["endpoint_url"] = stream.EndpointUrl ?? StreamAddress.PollUrl(baseUrl, stream.Id),
            },
        };
        if (stream.Description is not null)
        {
            shown["description"] = stream.Description;
        }

        return shown;
    }

    /// <summary>The status as it is shown.</summary>
    public static JsonObject ShowStatus(EventStreamRow stream)
    {
        var status = new JsonObject { ["stream_id"] = stream.Id.ToString(), ["status"] = stream.Status.ToString().ToLowerInvariant() };
        if (stream.StatusReason is not null)
        {
            status["reason"] = stream.StatusReason;
        }

        return status;
    }

    /// <summary>What a receiver asks for.</summary>
    /// <exception cref="ScimException">400.</exception>
    public static StreamRequest Read(JsonObject body)
    {
        var events = Events(body);
        var delivery = body["delivery"] switch { null => null, JsonObject given => given, _ => throw Wrong("delivery", "an object") };
        var method = delivery is null ? Poll : Text(delivery, "method") ?? throw Wrong("delivery.method", $"{Push} or {Poll}");
        if (method is not (Push or Poll))
        {
            throw Wrong("delivery.method", $"{Push} or {Poll}");
        }

        return new StreamRequest
        {
            Mode = SecurityEventUris.ModeFor(events),
            Events = events,
            EndpointUrl = method == Push ? Text(delivery!, "endpoint_url") ?? throw Wrong("delivery.endpoint_url", "an address") : null,
            Authorization = method == Push ? Text(delivery!, "authorization_header") : null,
            Description = Text(body, "description"),
        };
    }

    /// <summary>The text of a member; null when it is not there.</summary>
    /// <exception cref="ScimException">400 when it is something else.</exception>
    public static string? Text(JsonObject body, string name) =>
        body[name] is null ? null : JsonText.AsString(body[name]) ?? throw Wrong(name, "a string");

    /// <summary>The error for a member that cannot be taken.</summary>
    public static ScimException Wrong(string name, string expected) => ScimErrors.InvalidValue($"\"{name}\" must be {expected}.");

    /// <summary>Of what was asked for, what there is: unknown events are passed over (EVT-76).</summary>
    private static List<string>? Events(JsonObject body) => body["events_requested"] switch
    {
        null => null,
        JsonArray { Count: <= MaxEvents } array => [.. array.Select(uri => JsonText.AsString(uri) ?? throw Wrong("events_requested", "an array of strings")).Intersect(SecurityEventUris.All)],
        _ => throw Wrong("events_requested", $"an array of at most {MaxEvents} strings"),
    };

    private static JsonArray Array(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];
}
