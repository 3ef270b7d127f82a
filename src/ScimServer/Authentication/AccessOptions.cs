using System.ComponentModel.DataAnnotations;

namespace ScimServer.Authentication;

/// <summary>Tokens and tenants; section <c>Access</c> of the configuration.</summary>
public sealed class AccessOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "Access";

    /// <summary>Every how many seconds it is written down when tokens were last used. Default 60.</summary>
    [Range(1, 3600)]
    public int LastUseEverySeconds { get; set; } = 60;

    /// <summary>
    /// How many requests a second a token may send in the long run; more get 429 with Retry-After. 0 for no limit. Default 1000:
    /// identity providers send 25 at most, and no token may keep the server from the others.
    /// </summary>
    [Range(0, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 1000;

    /// <summary>How many requests a token may send at once, before the limit in the long run counts. Default 5000.</summary>
    [Range(1, 1_000_000)]
    public int RequestBurst { get; set; } = 5000;

    /// <summary>
    /// How many different wrong tokens a minute an address may send; more get 429 in the place of 401. 0 for no limit. Default 600: all customers behind
    /// a proxy whose addresses are not believed have one address, and each may have a token that expired.
    /// </summary>
    [Range(0, 1_000_000)]
    public int FailuresPerMinute { get; set; } = 600;
}
