using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Webhooks;
using ScimServer.Outbound;

namespace ScimServer.Events.Webhooks;

/// <summary>
/// Delivers to one endpoint while this instance holds its lease: a lane for the tenant, or, to an endpoint of the operator, one for
/// each tenant and one for operational events. All lanes share its gate.
/// </summary>
internal sealed partial class EndpointDelivery
{
    private static readonly TimeSpan LookForTenants = TimeSpan.FromSeconds(1);

    /// <summary>The first failures came before it was clear that the endpoint fails. When they were is known only to the instance that saw them.</summary>
    private static readonly TimeSpan BeforeFailing = TimeSpan.FromMinutes(5);

    private readonly Func<Webhook?> latest;
    private readonly Lock turn = new();
    private readonly Dictionary<int, Task> lanes = [];
    private WebhookSigner signer = null!;
    private Uri address = null!;
    private DateTimeOffset? failingSince;
    private DateTimeOffset firstFailure;
    private DateTimeOffset recoveredFrom;
    private int recovered;
    private long? disabledAt;

    /// <param name="tools">What all deliveries use.</param>
    /// <param name="webhook">The endpoint.</param>
    /// <param name="latest">The endpoint as it is now; null when it is gone.</param>
    public EndpointDelivery(WebhookTools tools, Webhook webhook, Func<Webhook?> latest)
    {
        Tools = tools;
        Current = webhook;
        this.latest = latest;
        Gate = new DeliveryGate(tools.Options.Concurrency, tools.Time);
        Filter = WebhookFilter.Of(webhook.Given, tools.Schemas);
    }

    public WebhookTools Tools { get; }

    public Webhook Current { get; private set; }

    public Guid Id => Current.Id;

    public DeliveryGate Gate { get; }

    public FeedRequest Filter { get; }

    public Lease Lease { get; private set; } = null!;

    /// <summary>Counts how often the endpoint began to answer again.</summary>
    public int Recovered => Volatile.Read(ref recovered);

    /// <summary>Whether nothing is to be sent any more: it was disabled here, and whoever gives out the work has not taken it away yet.</summary>
    public bool IsDisabled
    {
        get
        {
            lock (turn)
            {
                return disabledAt == Current.Revision;
            }
        }
    }

    /// <summary>Delivers until cancelled.</summary>
    public async Task RunAsync(Lease lease, CancellationToken ending)
    {
        Lease = lease;
        Current = await Tools.Endpoints.FindAsync(Id, ending) ?? Current;
        address = new Uri(Current.Given.Url);
        signer = new WebhookSigner(await Tools.Endpoints.SecretsAsync(Current, ending));
        failingSince = Current.FailingSince;
        firstFailure = failingSince is { } since ? since - BeforeFailing : default;
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(ending);
        try
        {
            while (true)
            {
                await StartLanesAsync(broken.Token);
                await Task.WhenAny([Task.Delay(LookForTenants, ending), .. lanes.Values]);
                ending.ThrowIfCancellationRequested();
                foreach (var done in lanes.Where(lane => lane.Value.IsCompleted).ToList())
                {
                    await done.Value;
                    lanes.Remove(done.Key);
                }

                await RefreshAsync(ending);
            }
        }
        finally
        {
            await broken.CancelAsync();
            await Task.WhenAll(lanes.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lanes.Clear();
        }
    }

    /// <summary>Sends an event once; called with a turn of the gate, which it gives back.</summary>
    public async Task AttemptAsync(Delivery delivery, CancellationToken ending)
    {
        OutboundAnswer answer;
        var isFirst = delivery.IsFirst;
        var at = Tools.Time.GetUtcNow();
        delivery.SentAt = at;
        try
        {
            answer = await Tools.Sender.SendAsync(address, signer, delivery.Id, delivery.Content(), ending);
        }
        catch
        {
            Gate.Left(isFirst);
            throw;
        }

        Note(delivery, answer, at);
        Tools.Metrics.Count(Id, delivery.Attempt!);
        if (answer.IsSuccess)
        {
            Gate.Succeeded(isFirst);
        }
        else
        {
            // Of an event that failed before only a plain request to slow down is about the endpoint.
            Gate.Failed(isFirst, delivery.AnsweredAt, answer.Status is 429 || (isFirst && answer.Status is 502 or 503 or 504), answer.RetryAfter);
            Log.Failed(Tools.Logger, Id, answer.Status, answer.Error!, delivery.Attempt!.Number);
        }
    }

    private void Note(Delivery delivery, OutboundAnswer answer, DateTimeOffset at)
    {
        var number = (delivery.Row?.Attempts ?? 0) + 1;
        var now = Tools.Time.GetUtcNow();
        delivery.AnsweredAt = now;
        delivery.FailedSince = delivery.IsFirst ? now : delivery.Row!.Since;
        var wait = answer.IsSuccess ? null : RetrySchedule.After(number, now - delivery.FailedSince, answer.RetryAfter, Random.Shared.NextDouble());
        delivery.Next = now + wait;
        delivery.IsGone = answer.Status == StatusCodes.Status410Gone;
        delivery.Attempt = new WebhookAttempt(delivery.Seq, at, number, answer.Status, (long)answer.Duration.TotalMilliseconds, answer.Error, delivery.Next);
    }

    /// <summary>What the results of a lane say about the endpoint: that it is well, that it fails, that it is to be disabled.</summary>
    public void Judge(IReadOnlyList<Delivery> results, DeliveryNotes notes, ref int seenRecovery)
    {
        lock (turn)
        {
            if (failingSince is not null && results.Any(delivery => delivery.Attempt is { IsSuccess: true }))
            {
                (failingSince, recoveredFrom) = (null, firstFailure);
                notes.IsFailingNoted = true;
                recovered++;
            }
            else if (failingSince is null && Gate.FailingSince is { } first)
            {
                firstFailure = first;
                notes.FailingSince = failingSince = Tools.Time.GetUtcNow();
                notes.IsFailingNoted = true;
            }

            if (seenRecovery != recovered)
            {
                seenRecovery = recovered;
                notes.RecoveredFrom = recoveredFrom;
            }

            notes.DisableReason = DisableReason(results);
            disabledAt = notes.DisableReason is null ? disabledAt : Current.Revision;
        }
    }

    private string? DisableReason(IReadOnlyList<Delivery> results)
    {
        if (results.Any(delivery => delivery.IsGone))
        {
            return "it answered 410 Gone";
        }

        var days = Tools.Options.DisableAfterDays;
        return failingSince is { } since && Tools.Time.GetUtcNow() - since > TimeSpan.FromDays(days) && results.Any(delivery => delivery.Attempt is { IsSuccess: false })
            ? $"it has done nothing but fail for {days} days"
            : null;
    }

    private async Task StartLanesAsync(CancellationToken ending)
    {
        List<(int Id, string? Name)> wanted = [(Current.TenantId, null)];
        if (Current.TenantId == WebhookEndpoints.Operator)
        {
            wanted.AddRange((await Tools.Tenants.ListAsync(ending)).Where(tenant => tenant.DeletingSince is null).Select(tenant => (tenant.Id, (string?)tenant.Name)));
        }

        foreach (var (id, name) in wanted.Where(tenant => !lanes.ContainsKey(tenant.Id)))
        {
            lanes[id] = LaneAsync(id, name, ending);
        }
    }

    private async Task LaneAsync(int tenantId, string? tenantName, CancellationToken ending)
    {
        Tools.CountLanes(1);
        try
        {
            await new WebhookLane(this, tenantId, tenantName).RunAsync(ending);
        }
        finally
        {
            Tools.CountLanes(-1);
        }
    }

    private async Task RefreshAsync(CancellationToken ending)
    {
        if (latest() is { } now && now.Revision != Current.Revision)
        {
            signer = new WebhookSigner(await Tools.Endpoints.SecretsAsync(now, ending));
            (Current, address) = (now, new Uri(now.Given.Url));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5030, LogLevel.Debug, "Webhook {Endpoint} was not delivered: status {Status}, {Error}, attempt {Number}")]
        public static partial void Failed(ILogger logger, Guid endpoint, int? status, string error, int number);
    }
}
