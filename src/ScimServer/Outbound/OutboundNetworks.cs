using System.Net;
using Microsoft.Security.AntiSSRF;

namespace ScimServer.Outbound;

/// <summary>Which addresses may be sent to: the public ones, by the list of the library, and what the operator allows.</summary>
internal static class OutboundNetworks
{
    /// <summary>Besides those of the library: IPv6 addresses that hold an IPv4 one (RFC 4291 §2.5.5.1, RFC 2765 §2.1).</summary>
    private static readonly string[] Embedding = ["::/96", "::ffff:0:0:0/96"];

    private static readonly IPNetwork[] NotPublic =
        [.. new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest).DeniedAddresses.Concat(Embedding).Select(IPNetwork.Parse)];

    /// <summary>What the library lets requests through by.</summary>
    public static AntiSSRFPolicy Policy(OutboundOptions options)
    {
        var policy = new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest) { AllowPlainTextHttp = options.AllowHttp, AddXFFHeader = false };
        policy.AddDeniedAddresses(Embedding);
        policy.AddAllowedAddresses([.. options.AllowedNetworks]);
        return policy;
    }

    /// <summary>Whether an address may be sent to.</summary>
    public static bool Allow(IPAddress address, OutboundOptions options) =>
        IsIn(options.AllowedNetworks.Select(IPNetwork.Parse), address) || !IsIn(NotPublic, address);

    /// <summary>An IPv4 address has two spellings, of which networks have one or the other.</summary>
    private static bool IsIn(IEnumerable<IPNetwork> networks, IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var mapped = address.MapToIPv6();
        return networks.Any(network => network.Contains(plain) || network.Contains(mapped));
    }
}
