using System.ComponentModel.DataAnnotations;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Streams of security event tokens; section <c>SecurityEvents</c> of the configuration.</summary>
public sealed class SecurityEventsOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "SecurityEvents";

    /// <summary>Whether there are streams. Default true. When false, none can be made, nothing is sent, and /ServiceProviderConfig names no events.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// What issuers begin with: <c>https://scim.example.com</c> makes <c>https://scim.example.com/tenants/1</c> the issuer of tenant 1. Unset: taken
    /// from <c>Scim:PublicBaseUrl</c>, or else from the request that makes the stream.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>Days for which a key signs before another takes its place. Default 90.</summary>
    [Range(2, 3650)]
    public int KeyDays { get; set; } = 90;

    /// <summary>Seconds that a poll waits for the first token (RFC 8936 §2.2). Default 30: proxies cut off what is silent for a minute.</summary>
    [Range(1, 300)]
    public int PollWaitSeconds { get; set; } = 30;

    /// <summary>Days of nothing but failed pushes after which a stream is paused. Default 5.</summary>
    [Range(1, 365)]
    public int PauseAfterDays { get; set; } = 5;

    /// <summary>The events that /ServiceProviderConfig names; null when there are no streams.</summary>
    internal IReadOnlyList<string>? EventUris => Enabled ? SecurityEventUris.All : null;
}
