using System.CommandLine;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;
using Scim.Schemas;
using ScimServer.Events;
using ScimServer.Startup;

namespace ScimServer.Cli;

/// <summary>The events of a tenant as they happen, for the commands that do something with each.</summary>
internal sealed class FollowedEvents
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(1);

    private readonly Option<string> tenant = TenantOption.Create();
    private readonly Option<string?> types = new("--types") { Description = "Only these types, with commas between them: user.created, group.*" };
    private readonly Option<bool> all = new("--all") { Description = "Begin with the oldest event that is kept, not with the next." };
    private readonly Option<bool> once = new("--once") { Description = "End where the events end, instead of waiting for more." };

    /// <summary>Which events, and from where to where.</summary>
    public IEnumerable<Option> Options => [tenant, types, all, once];

    /// <summary>Finds what the options name.</summary>
    public async Task<Following> FindAsync(ParseResult parsed, IServiceProvider services, CancellationToken cancellationToken)
    {
        var found = await services.GetRequiredService<Tenants>().GetAsync(parsed.GetRequiredValue(tenant), cancellationToken);
        var request = new FeedRequest
        {
            Kinds = parsed.GetValue(types) is { } wanted ? Kinds(wanted, services.GetRequiredService<SchemaRegistry>()) : null,
            After = parsed.GetValue(all) ? null : FeedRequest.Now,
        };
        return new Following(services.GetRequiredService<ChangeFeed>(), found.Id, request, parsed.GetValue(once));
    }

    private static IReadOnlyCollection<string> Kinds(string types, SchemaRegistry schemas)
    {
        try
        {
            return EventTypes.Parse(types, schemas);
        }
        catch (ScimException refusal)
        {
            throw new StartupException(refusal.Error.Detail);
        }
    }

    /// <summary>What was found.</summary>
    public sealed class Following(ChangeFeed feed, int tenantId, FeedRequest first, bool once)
    {
        /// <summary>Handles one event after the other, until it is interrupted or, if that is wanted, the events end.</summary>
        public Task EachAsync(Func<ChangeRow, Task> handle, CancellationToken cancellationToken) =>
            CommandSession.UntilInterruptedAsync(() => FollowAsync(handle, cancellationToken), cancellationToken);

        private async Task FollowAsync(Func<ChangeRow, Task> handle, CancellationToken cancellationToken)
        {
            var request = first;
            while (true)
            {
                var page = await feed.WaitAsync(tenantId, request, once ? TimeSpan.Zero : Wait, Look, cancellationToken);
                foreach (var change in page.Changes)
                {
                    await handle(change);
                }

                if (once && !page.HasMore)
                {
                    return;
                }

                request = request with { After = page.Cursor };
            }
        }
    }
}
