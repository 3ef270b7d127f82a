using Serilog.Core;
using Serilog.Events;

namespace ScimServer.Observability;

/// <summary>
/// Takes the request's path out of every event: the framework adds it to all that is logged during a request, and a client
/// may have put anything into it. <see cref="RequestLog"/> names the route instead.
/// </summary>
internal sealed class PathRemover : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) => logEvent.RemovePropertyIfPresent("RequestPath");
}
