using System.Net;
using Microsoft.Extensions.Options;

namespace ScimServer.Startup;

/// <summary>A proxy that cannot be read would silently not be trusted: the start is refused instead.</summary>
internal sealed class TrustedProxyOptionsValidator : IValidateOptions<TrustedProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, TrustedProxyOptions options)
    {
        var failures = new List<string>();
        failures.AddRange(options.KnownProxies.Where(proxy => !IPAddress.TryParse(proxy, out _)).Select(proxy =>
            $"{TrustedProxyOptions.Section}:{nameof(options.KnownProxies)} must hold IP addresses, not \"{proxy}\"."));
        failures.AddRange(options.KnownNetworks.Where(network => !IPNetwork.TryParse(network, out _)).Select(network =>
            $"{TrustedProxyOptions.Section}:{nameof(options.KnownNetworks)} must hold networks such as 10.0.0.0/8, not \"{network}\"."));
        if (options.ForwardLimit < 1)
        {
            failures.Add($"{TrustedProxyOptions.Section}:{nameof(options.ForwardLimit)} must be at least 1, not {options.ForwardLimit}.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
