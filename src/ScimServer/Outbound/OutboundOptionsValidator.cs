using System.Net;
using ScimServer.Startup;

namespace ScimServer.Outbound;

/// <summary>Refuses networks that cannot be read.</summary>
internal sealed class OutboundOptionsValidator : OptionsValidator<OutboundOptions>
{
    protected override IEnumerable<string> Failures(OutboundOptions options) => options.AllowedNetworks
        .Where(network => !IPNetwork.TryParse(network, out _))
        .Select(network => $"{OutboundOptions.Section}:{nameof(options.AllowedNetworks)} must be networks such as 10.20.0.0/16, not \"{network}\".");
}
