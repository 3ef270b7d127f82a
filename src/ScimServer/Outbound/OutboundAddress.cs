using System.Net;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Outbound;

/// <summary>
/// What can be an address at all. Where a name leads is not asked here: it may lead elsewhere by the time of the request, so that is
/// checked whenever a connection is made (EVT-170). An address in numbers leads to itself, so who gives a wrong one is told at once.
/// </summary>
internal static class OutboundAddress
{
    private const int MaxLength = 2_000;

    /// <summary>Reads an address that somebody wants to have requests sent to.</summary>
    /// <param name="text">What was given.</param>
    /// <param name="field">What it is called there (<see cref="AccessException.Field"/>). The message does not repeat it: each interface has its own names.</param>
    /// <param name="options">What is allowed.</param>
    /// <exception cref="AccessException">It cannot be one; the message says why.</exception>
    public static Uri Read(string? text, string field, OutboundOptions options)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxLength || text.Any(char.IsControl) || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            throw Refuse(field, $"must be absolute and have at most {MaxLength} characters");
        }

        if (uri.Scheme != Uri.UriSchemeHttps && !(uri.Scheme == Uri.UriSchemeHttp && options.AllowHttp))
        {
            throw Refuse(field, options.AllowHttp ? "must begin with https:// or http://" : $"must begin with https:// ({OutboundOptions.Section}:{nameof(options.AllowHttp)} allows http)");
        }

        return uri switch
        {
            { UserInfo.Length: > 0 } => throw Refuse(field, "must not hold a user name or password"),
            { Fragment.Length: > 0 } => throw Refuse(field, "must not have a fragment"),
            { Host.Length: 0 } => throw Refuse(field, "must have a host"),
            _ when IPAddress.TryParse(uri.DnsSafeHost, out var address) && !OutboundNetworks.Allow(address, options) =>
                throw Refuse(field, $"must not lead to an address that is not public ({OutboundOptions.Section}:{nameof(options.AllowedNetworks)} allows networks)"),
            _ => uri,
        };
    }

    private static AccessException Refuse(string field, string what) => new($"The address {what}.") { Field = field };
}
