using Microsoft.Extensions.Diagnostics.HealthChecks;
using ScimServer.Events;

namespace ScimServer.Health;

/// <summary>Whether events reach those who follow them. Requests are answered either way, so what is wrong is a warning and no more (EVT-137).</summary>
internal sealed class EventsHealthCheck(LogWatch watch) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(watch.Age > LogWatch.TooOld
            ? HealthCheckResult.Degraded("Events are held back by a transaction that is open in the database.")
            : HealthCheckResult.Healthy());
}
