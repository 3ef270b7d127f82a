using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Webhooks;

/// <summary>Adds, lists and changes endpoints. What is changed here is seen within a second by the instance that delivers.</summary>
public sealed class WebhookEndpoints
{
    /// <summary>The tenant of the operator's endpoints.</summary>
    public const int Operator = 0;

    /// <summary>What a secret begins with as text (EVT-82).</summary>
    public const string SecretPrefix = "whsec_";

    private const int SecretBytes = 32;
    private const int MaxPerTenant = 100;

    private readonly ScimDatabase database;
    private readonly StoredSecrets secrets;
    private readonly WorkLeases leases;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public WebhookEndpoints(ScimDatabase database, StoredSecrets secrets, WorkLeases leases, TimeProvider time)
    {
        this.database = database;
        this.secrets = secrets;
        this.leases = leases;
        this.time = time;
    }

    /// <summary>Adds an endpoint. It gets what happens from now on.</summary>
    /// <param name="tenant">The tenant; null for an endpoint of the operator.</param>
    /// <param name="webhook">The endpoint.</param>
    /// <param name="cancellationToken">Heeded until the first write.</param>
    /// <exception cref="AccessException">The tenant has too many.</exception>
    public async Task<IssuedWebhook> AddAsync(Tenant? tenant, NewWebhook webhook, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var end = await database.Dialect.LogEndAsync(database, cancellationToken);
        var row = new WebhookEndpointRow
        {
            TenantId = tenant?.Id ?? Operator,
            Id = id,
            Url = webhook.Url,
            Description = webhook.Description,
            Types = Json(webhook.Types),
            Actors = Json(webhook.Actors),
            OtherThan = Json(webhook.NotActors is { Count: > 0 } others ? others : null),
            IsFull = webhook.IsFull,
            Created = now,
            Secret = await secrets.SealAsync(Use(id), secret, cancellationToken),
        };
        await database.WriteAsync(
            tenantId: null,
            async context =>
            {
                if (await context.WebhookEndpoints.CountAsync(other => other.TenantId == row.TenantId, cancellationToken) >= MaxPerTenant)
                {
                    throw new AccessException($"There are {MaxPerTenant} endpoints already.") { Fault = AccessFault.Conflict };
                }

                context.WebhookEndpoints.Add(row);
                var tenants = tenant is null ? await context.Tenants.Select(other => other.Id).ToListAsync(cancellationToken) : [tenant.Id];
                context.WebhookPositions.AddRange(tenants.Select(of => new WebhookPositionRow { TenantId = of, EndpointId = id, Position = end.Settled, At = now }));
                AdminLog.Note(context, now, "webhook.add", tenant?.Name, detail: $"{id} {webhook.Url}");
                await context.SaveChangesAsync(CancellationToken.None);
            },
            cancellationToken);
        return new IssuedWebhook(ToWebhook(row), Text(secret));
    }

    /// <summary>The endpoints of a tenant, or of the operator (0), oldest first.</summary>
    public async Task<IReadOnlyList<Webhook>> ListAsync(int tenantId, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return [.. (await context.WebhookEndpoints.Where(row => row.TenantId == tenantId).OrderBy(row => row.Id).ToListAsync(cancellationToken)).Select(ToWebhook)];
    }

    /// <summary>The endpoints of all that are not disabled.</summary>
    public async Task<IReadOnlyList<Webhook>> ListEnabledAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return [.. (await context.WebhookEndpoints.Where(row => row.DisabledAt == null).ToListAsync(cancellationToken)).Select(ToWebhook)];
    }

    /// <summary>An endpoint of a tenant or of the operator; null when there is none.</summary>
    public async Task<Webhook?> FindAsync(int tenantId, Guid id, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await context.WebhookEndpoints.SingleOrDefaultAsync(row => row.TenantId == tenantId && row.Id == id, cancellationToken) is { } row ? ToWebhook(row) : null;
    }

    /// <summary>An endpoint by its id alone, for who administers; null when there is none.</summary>
    public async Task<Webhook?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await context.WebhookEndpoints.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } row ? ToWebhook(row) : null;
    }

    /// <summary>What signs for an endpoint.</summary>
    /// <exception cref="CryptographicException">The key that encrypted it is not there any more.</exception>
    public async Task<WebhookSecrets> SecretsAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        var row = await context.WebhookEndpoints.SingleAsync(row => row.TenantId == webhook.TenantId && row.Id == webhook.Id, cancellationToken);
        var old = row.OldSecret is null ? null : await secrets.OpenAsync(Use(row.Id), row.OldSecret, cancellationToken);
        return new WebhookSecrets(await secrets.OpenAsync(Use(row.Id), row.Secret, cancellationToken), old, row.OldSecretUntil);
    }

    /// <summary>Makes a new secret. The one before signs beside it until the overlap ends (EVT-83).</summary>
    /// <exception cref="AccessException">There is no such endpoint.</exception>
    public async Task<IssuedWebhook> RotateAsync(Webhook webhook, TimeSpan overlap, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var stored = await secrets.SealAsync(Use(webhook.Id), secret, cancellationToken);
        var until = time.GetUtcNow() + overlap;
        var changed = await ChangeAsync(
            webhook,
            "webhook.rotate",
            row => (row.OldSecret, row.OldSecretUntil, row.Secret) = (overlap > TimeSpan.Zero ? row.Secret : null, overlap > TimeSpan.Zero ? until : null, stored),
            cancellationToken);
        return new IssuedWebhook(changed, Text(secret));
    }

    /// <summary>Sends nothing any more, until it is enabled. Nothing is forgotten.</summary>
    /// <exception cref="AccessException">There is no such endpoint.</exception>
    public Task<Webhook> DisableAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ChangeAsync(
            webhook,
            "webhook.disable",
            row => (row.DisabledAt, row.DisabledReason) = row.DisabledAt is null ? (now, $"by {AdminActor.Current}") : (row.DisabledAt, row.DisabledReason),
            cancellationToken);
    }

    /// <summary>Goes on where it was: what happened meanwhile is sent, as far as it is kept, and what waits for another attempt is tried now.</summary>
    /// <exception cref="AccessException">There is no such endpoint.</exception>
    public Task<Webhook> EnableAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ChangeAsync(
            webhook,
            "webhook.enable",
            row => (row.DisabledAt, row.DisabledReason, row.FailingSince) = (null, null, null),
            cancellationToken,
            context => context.WebhookRetries.Where(row => row.EndpointId == webhook.Id && row.GaveUpAt == null && row.NextAt > now)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAt, now), CancellationToken.None));
    }

    /// <summary>Deletes an endpoint and everything about it.</summary>
    public async Task DeleteAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            tenantId: null,
            async context =>
            {
                await context.WebhookEndpoints.Where(row => row.TenantId == webhook.TenantId && row.Id == webhook.Id).ExecuteDeleteAsync(CancellationToken.None);
                await context.WebhookPositions.Where(row => row.EndpointId == webhook.Id).ExecuteDeleteAsync(CancellationToken.None);
                await context.WebhookRetries.Where(row => row.EndpointId == webhook.Id).ExecuteDeleteAsync(CancellationToken.None);
                await context.WebhookAttempts.Where(row => row.EndpointId == webhook.Id).ExecuteDeleteAsync(CancellationToken.None);
                AdminLog.Note(context, time.GetUtcNow(), "webhook.delete", await TenantNameAsync(context, webhook.TenantId), detail: $"{webhook.Id} {webhook.Given.Url}");
                await context.SaveChangesAsync(CancellationToken.None);
            },
            cancellationToken);
        await leases.ForgetAsync(WebhookDeliveries.LeaseName(webhook.Id), CancellationToken.None);
    }

    internal static Webhook ToWebhook(WebhookEndpointRow row) => new()
    {
        Id = row.Id,
        TenantId = row.TenantId,
        Given = new NewWebhook(row.Url)
        {
            Description = row.Description,
            Types = List(row.Types),
            Actors = List(row.Actors),
            NotActors = List(row.OtherThan) ?? [],
            IsFull = row.IsFull,
        },
        Created = row.Created,
        DisabledAt = row.DisabledAt,
        DisabledReason = row.DisabledReason,
        FailingSince = row.FailingSince,
        OldSecretUntil = row.OldSecretUntil,
        Revision = row.Revision,
    };

    private async Task<Webhook> ChangeAsync(
        Webhook webhook, string action, Action<WebhookEndpointRow> change, CancellationToken cancellationToken, Func<ScimDbContext, Task>? also = null)
    {
        WebhookEndpointRow? row = null;
        await database.WriteAsync(
            tenantId: null,
            async context =>
            {
                row = await context.WebhookEndpoints.AsTracking().SingleOrDefaultAsync(row => row.TenantId == webhook.TenantId && row.Id == webhook.Id, cancellationToken)
                    ?? throw new AccessException($"There is no webhook with the id {webhook.Id}.") { Fault = AccessFault.NotFound };
                change(row);
                row.Revision++;
                AdminLog.Note(context, time.GetUtcNow(), action, await TenantNameAsync(context, webhook.TenantId), detail: $"{row.Id} {row.Url}");
                await context.SaveChangesAsync(CancellationToken.None);
                await (also?.Invoke(context) ?? Task.CompletedTask);
            },
            cancellationToken);
        return ToWebhook(row!);
    }

    internal static Task<string?> TenantNameAsync(ScimDbContext context, int tenantId) =>
        context.Tenants.Where(tenant => tenant.Id == tenantId).Select(tenant => tenant.Name).SingleOrDefaultAsync();

    /// <summary>What its secrets are encrypted for.</summary>
    internal static string Use(Guid id) => $"webhook {id:N}";

    private static string Text(byte[] secret) => SecretPrefix + Convert.ToBase64String(secret);

    private static string? Json(IReadOnlyList<string>? names) => names is null ? null : JsonSerializer.Serialize(names);

    private static List<string>? List(string? json) => json is null ? null : JsonSerializer.Deserialize<List<string>>(json);
}
