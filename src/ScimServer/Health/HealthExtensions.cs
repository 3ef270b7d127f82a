using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using ScimServer.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the endpoints that load balancers and container platforms ask.</summary>
internal static class HealthExtensions
{
    private const string ReadyTag = "ready";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>The checks of the database and of the events.</summary>
    public static void AddScimHealth(this IServiceCollection services) =>
        services.AddHealthChecks()
            .AddCheck<DatabaseHealthCheck>("database", tags: [ReadyTag], timeout: Timeout)
            .AddCheck<EventsHealthCheck>("events", tags: [ReadyTag]);

    /// <summary>
    /// <c>/health/live</c>: the process answers. <c>/health/ready</c>: the database does too, with all migrations. Both
    /// without a token; one that is sent is not looked at, since that takes the database.
    /// </summary>
    public static void MapScimHealth(this WebApplication app)
    {
        Map(app, HealthPaths.Live, _ => false);
        Map(app, HealthPaths.Ready, check => check.Contains(ReadyTag));
    }

    private static void Map(WebApplication app, string path, Func<ISet<string>, bool> includes) =>
        app.MapHealthChecks(path, new HealthCheckOptions { Predicate = check => includes(check.Tags), ResponseWriter = HealthResponse.WriteAsync }).AllowAnonymous().ShortCircuit();
}
