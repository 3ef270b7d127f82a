using System.ComponentModel.DataAnnotations;

namespace ScimServer.Startup;

/// <summary>Which proxies are believed when they say who the client is; section <c>ForwardedHeaders</c> of the configuration.</summary>
public sealed class TrustedProxyOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "ForwardedHeaders";

    /// <summary>Addresses of proxies whose <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c> and <c>-Prefix</c> are taken over. Default none.</summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>Networks of such proxies, for example <c>10.0.0.0/8</c>. Default none.</summary>
    public IList<string> KnownNetworks { get; } = [];

    /// <summary>How many proxies stand in a row. Default 1.</summary>
    [Range(1, int.MaxValue)]
    public int ForwardLimit { get; set; } = 1;

    internal bool HasAny => KnownProxies.Count > 0 || KnownNetworks.Count > 0;
}
