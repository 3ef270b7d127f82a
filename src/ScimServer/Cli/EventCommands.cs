using System.CommandLine;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;
using Scim.Resources;
using Scim.Schemas;
using ScimServer.Events;
using ScimServer.Startup;

namespace ScimServer.Cli;

/// <summary><c>events tail | forward | expire-cursors</c>.</summary>
internal static class EventCommands
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static Command Create() => new("events", "What changes: the feed that products follow.") { Tail(), ForwardCommand.Create(), ExpireCursors() };

    private static Command Tail()
    {
        var tenant = new Option<string>("--tenant") { Description = "The tenant.", Required = true };
        var types = new Option<string?>("--types") { Description = "Only these types, with commas between them: user.created, group.*" };
        var all = new Option<bool>("--all") { Description = "Begin with the oldest event that is kept, not with the next." };
        var once = new Option<bool>("--once") { Description = "End where the events end, instead of waiting for more." };
        var command = new Command("tail", "Prints the events of a tenant as they happen, one JSON object a line, until it is interrupted.") { tenant, types, all, once };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var found = await services.GetRequiredService<Tenants>().GetAsync(parsed.GetRequiredValue(tenant), cancellationToken);
            try
            {
                var kinds = parsed.GetValue(types) is { } wanted ? EventTypes.Parse(wanted, services.GetRequiredService<SchemaRegistry>()) : null;
                var request = new FeedRequest { Kinds = kinds, After = parsed.GetValue(all) ? null : FeedRequest.Now };
                await FollowAsync(services.GetRequiredService<ChangeFeed>(), found.Id, request, parsed.GetValue(once), parsed.InvocationConfiguration.Output, cancellationToken);
            }
            catch (ScimException refusal)
            {
                throw new StartupException(refusal.Error.Detail);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Interrupted, which is how it ends.
            }

            return ExitCodes.Success;
        }));
        return command;
    }

    private static async Task FollowAsync(ChangeFeed feed, int tenantId, FeedRequest request, bool once, TextWriter output, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await feed.WaitAsync(tenantId, request, once ? TimeSpan.Zero : TimeSpan.FromMinutes(1), Look, cancellationToken);
            foreach (var change in page.Changes)
            {
                await output.WriteLineAsync(Line(change));
            }

            if (once && !page.HasMore)
            {
                return;
            }

            request = request with { After = page.Cursor };
        }
    }

    private static string Line(ChangeRow change)
    {
        using var json = JsonBuffer.Rent();
        EventWriter.Write(json.Writer, change);
        return json.ToString();
    }

    private static Command ExpireCursors()
    {
        var command = new Command(
            "expire-cursors",
            "Makes every cursor that was given out expire. Run it after the database went back in time (a restored back-up, a failover that lost "
            + "changes) and before the servers are started: products then read everything again instead of missing changes.");
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            await services.GetRequiredService<ServerKeys>().ReplaceAsync(FeedCursor.KeyName, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync("All cursors have expired. Servers that run now must be restarted.");
            return ExitCodes.Success;
        }));
        return command;
    }
}
