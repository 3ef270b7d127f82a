using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace ScimServer.Authentication;

/// <summary>
/// A token bucket for the different wrong tokens and secrets of each address. A right one is never held up by it, whatever else comes from its
/// address: many customers can be behind one, and nobody without a token may lock them out.
/// </summary>
internal sealed class FailureLimit : IDisposable
{
    /// <summary>Addresses share so many buckets, so that no number of addresses takes more memory.</summary>
    private const int Buckets = 1 << 16;

    private const int SecondsPerMinute = 60;
    private const int NetworkBytes = 8;

    private readonly PartitionedRateLimiter<IPAddress>? limiter;
    private readonly RefusedCredentials counted = new();

    public FailureLimit(IOptions<AccessOptions> options)
    {
        var perMinute = options.Value.FailuresPerMinute;
        if (perMinute == 0)
        {
            return;
        }

        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(SecondsPerMinute) / perMinute,
            AutoReplenishment = false,
        };
        limiter = PartitionedRateLimiter.Create<IPAddress, int>(address => RateLimitPartition.GetTokenBucketLimiter(BucketOf(address), _ => bucket));
    }

    /// <summary>
    /// Counts a wrong token, or a wrong secret with the client that it is for, unless it is known to be wrong; gives how long to wait when there were too many, else null.
    /// What cannot be a credential, and is refused without a look-up, guesses nothing and is not to be counted.
    /// </summary>
    public TimeSpan? Count(IPAddress? address, string credential)
    {
        if (limiter is null || counted.Contains(credential))
        {
            return null;
        }

        using var lease = limiter.AttemptAcquire(address ?? IPAddress.None);
        if (!lease.IsAcquired)
        {
            return TokenLimit.RetryAfter(lease);
        }

        counted.Add(credential);
        return null;
    }

    public void Dispose() => limiter?.Dispose();

    /// <summary>Of IPv6 the network counts: a client has all addresses of one.</summary>
    private static int BucketOf(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        var hash = default(HashCode);
        hash.AddBytes(plain.AddressFamily == AddressFamily.InterNetworkV6 ? bytes.AsSpan(0, NetworkBytes) : bytes);
        return hash.ToHashCode() & (Buckets - 1);
    }
}
