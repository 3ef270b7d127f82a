using System.Diagnostics;
using OpenTelemetry;

namespace ScimServer.Observability;

/// <summary>Takes out of spans what can hold personal values: paths and queries, of which the route remains, addresses of clients, and what exceptions say.</summary>
internal sealed class SpanRedaction : BaseProcessor<Activity>
{
    private static readonly string[] Removed =
        ["url.path", "url.query", "url.full", "http.target", "http.url", "client.address", "net.peer.ip", "network.peer.address", "user_agent.original", "exception.message", "exception.stacktrace"];

    public override void OnEnd(Activity data)
    {
        foreach (var tag in Removed)
        {
            data.SetTag(tag, null);
        }

        // A message of the database may quote a value.
        if (data.Status == ActivityStatusCode.Error && data.StatusDescription is not null)
        {
            data.SetStatus(ActivityStatusCode.Error);
        }
    }
}
