using System.Net;

namespace ScimServer.Startup;

/// <summary>A proxy that cannot be read would silently not be trusted: the start is refused instead.</summary>
internal sealed class TrustedProxyOptionsValidator : OptionsValidator<TrustedProxyOptions>
{
    protected override IEnumerable<string> Failures(TrustedProxyOptions options)
    {
        foreach (var proxy in options.KnownProxies.Where(proxy => !IPAddress.TryParse(proxy, out _)))
        {
            yield return $"{TrustedProxyOptions.Section}:{nameof(options.KnownProxies)} must hold IP addresses, not \"{proxy}\".";
        }

        foreach (var network in options.KnownNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
        {
            yield return $"{TrustedProxyOptions.Section}:{nameof(options.KnownNetworks)} must hold networks such as 10.0.0.0/8, not \"{network}\".";
        }
    }
}
