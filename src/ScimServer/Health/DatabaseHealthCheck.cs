using Microsoft.Extensions.Diagnostics.HealthChecks;
using Scim.EntityFrameworkCore;
using ScimServer.Http;
using ScimServer.Startup;

namespace ScimServer.Health;

/// <summary>Whether the database answers now and has all migrations. What exactly fails is for the log, not for everyone.</summary>
internal sealed class DatabaseHealthCheck(DatabaseMigrator migrator, Readiness readiness, Outages outages) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!readiness.IsReady)
        {
            return HealthCheckResult.Unhealthy("The database is not prepared yet.");
        }

        try
        {
            return await migrator.IsCurrentAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The database lacks migrations.");
        }
        catch (Exception exception) when (outages.Of(exception) is not null)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}
