using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;

namespace Scim.EntityFrameworkCore.Webhooks;

/// <summary>What is done about webhooks from time to time.</summary>
public sealed class WebhookRetention
{
    private readonly ScimDatabase database;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public WebhookRetention(ScimDatabase database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
    }

    /// <summary>Deletes attempts, events that were given up, operational events and leases of gone instances from before a time.</summary>
    public async Task DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using (var context = database.OpenForAccess())
        {
            foreach (var endpoint in await context.WebhookEndpoints.Select(row => row.Id).ToListAsync(cancellationToken))
            {
                var tenants = await context.WebhookPositions.Where(row => row.EndpointId == endpoint).Select(row => row.TenantId).ToListAsync(cancellationToken);
                foreach (var tenantId in tenants.Append(WebhookEndpoints.Operator))
                {
                    await DeleteAsync(tenantId, endpoint, before, cancellationToken);
                }
            }
        }

        await database.WriteAsync(
            null,
            async context =>
            {
                await context.WebhookRetries.Where(row => row.GaveUpAt < before).ExecuteDeleteAsync(CancellationToken.None);
                await context.OperationalEvents
                    .Where(row => row.At < before && !context.WebhookRetries.Any(retry => retry.TenantId == WebhookEndpoints.Operator && retry.Seq == row.Seq))
                    .ExecuteDeleteAsync(CancellationToken.None);
                return await context.Leases.Where(row => row.Until < before).ExecuteDeleteAsync(CancellationToken.None);
            },
            cancellationToken);
    }

    /// <summary>Tells the operator of each token that ends before a time and has no successor, once.</summary>
    public Task WarnOfTokensAsync(DateTimeOffset before, CancellationToken cancellationToken) => database.WriteAsync(
        tenantId: null,
        async context =>
        {
            var now = time.GetUtcNow();
            var ending = await TokenOfTenant.Join(context)
                .Where(pair => pair.Token.ExpiresAt < before && pair.Token.ExpiresAt > now && pair.Token.RevokedAt == null && pair.Token.ReplacedBy == null)
                .ToListAsync(cancellationToken);
            foreach (var pair in ending)
            {
                var expires = pair.Token.ExpiresAt!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                await OperationalEvents.NoteAsync(context, now, OperationalEvents.TokenExpiring, $"token {pair.Token.Id:N} {expires}", new Dictionary<string, string?>
                {
                    ["token"] = pair.Token.Id.ToString(),
                    ["name"] = pair.Token.Name,
                    ["tenant"] = pair.Tenant?.Name,
                    ["expiresAt"] = expires,
                });
            }
        },
        cancellationToken);

    private Task<long> DeleteAsync(int tenantId, Guid endpoint, DateTimeOffset before, CancellationToken cancellationToken) => database.DeleteAsync(
        null,
        async context =>
        {
            var attempts = context.WebhookAttempts.Where(row => row.TenantId == tenantId && row.EndpointId == endpoint);
            var oldest = await attempts.OrderBy(row => row.Id).Take(BatchedDeletion.Rows).Select(row => new { row.Id, row.At }).ToListAsync(cancellationToken);
            var old = oldest.TakeWhile(row => row.At < before).Select(row => row.Id).ToList();
            return await attempts.Where(row => old.Contains(row.Id)).ExecuteDeleteAsync(CancellationToken.None);
        },
        cancellationToken);
}
