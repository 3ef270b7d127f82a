using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;

namespace ScimServer.Events.SecurityEvents;

/// <summary>How far behind the receivers are that poll, of all tenants.</summary>
internal sealed class PolledStreams(EventStreams streams, StreamBacklog backlog, SetIssuer issuer)
{
    /// <summary>Looks at each.</summary>
    /// <param name="before">What was seen the last time, by the stream.</param>
    /// <param name="ending">Ends the looking.</param>
    public async Task<Dictionary<Guid, BacklogLook>> LookAsync(Dictionary<Guid, BacklogLook> before, CancellationToken ending)
    {
        var now = new Dictionary<Guid, BacklogLook>();
        foreach (var polled in await streams.ListPolledAsync(ending))
        {
            if (await streams.FindAsync(polled.TenantId, polled.StreamId, ending) is { } stream)
            {
                // A stream that somebody paused or disabled waits for nobody, as one that is pushed.
                now[stream.Id] = stream.Status == StreamStatus.Enabled
                    ? await backlog.LookAsync(stream, issuer.FilterOf(stream), before.GetValueOrDefault(stream.Id), ending)
                    : new BacklogLook(stream, Oldest: null, stream.Position);
            }
        }

        return now;
    }
}
