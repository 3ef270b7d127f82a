using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;
using Scim.Errors;
using ScimServer.Http;

namespace ScimServer.Authentication;

/// <summary>
/// A token bucket for each token, so that no client can keep the server from the others. Comes after authorization: what is
/// refused anyway takes nothing out of the bucket.
/// </summary>
internal sealed class TokenLimit(IOptions<AccessOptions> options) : IConfigureOptions<RateLimiterOptions>
{
    /// <summary>Requests without a tenant: discovery, health, administration.</summary>
    private static readonly Guid Nobody = Guid.Empty;

    public void Configure(RateLimiterOptions limiter)
    {
        limiter.OnRejected = (rejected, _) => RefuseAsync(rejected.HttpContext, RetryAfter(rejected.Lease));
        var perSecond = options.Value.RequestsPerSecond;
        if (perSecond == 0)
        {
            return;
        }

        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(options.Value.RequestBurst, perSecond),
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            AutoReplenishment = false,
        };
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Guid>(context =>
        {
            var tenant = context.RequestServices.GetRequiredService<TenantContext>();
            return tenant.IsAuthenticated
                ? RateLimitPartition.GetTokenBucketLimiter(tenant.TokenId, _ => bucket)
                : RateLimitPartition.GetNoLimiter(Nobody);
        });
    }

    /// <summary>Answers 429 and says when to come back, in whole seconds.</summary>
    public static async ValueTask RefuseAsync(HttpContext context, TimeSpan retryAfter)
    {
        var seconds = Seconds(retryAfter);
        context.Response.Headers.RetryAfter = seconds;
        await ScimErrorWriter.WriteAsync(context, ScimErrors.TooManyRequests($"Too many requests. Try again in {seconds} s.").Error);
    }

    /// <summary>As Retry-After says it: whole seconds, and never none.</summary>
    public static string Seconds(TimeSpan retryAfter) => Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    public static TimeSpan RetryAfter(RateLimitLease lease) => lease.TryGetMetadata(MetadataName.RetryAfter, out var span) ? span : TimeSpan.FromSeconds(1);
}
