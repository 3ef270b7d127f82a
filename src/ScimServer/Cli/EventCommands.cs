using System.CommandLine;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;
using Scim.Json;
using ScimServer.Events;

namespace ScimServer.Cli;

/// <summary><c>events tail | forward | expire-cursors</c>.</summary>
internal static class EventCommands
{
    public static Command Create() => new("events", "What changes: the feed that products follow.") { Tail(), ForwardCommand.Create(), ExpireCursors() };

    private static Command Tail()
    {
        var events = new FollowedEvents();
        var command = new Command("tail", "Prints the events of a tenant as they happen, one JSON object a line, until it is interrupted.");
        foreach (var option in events.Options)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var following = await events.FindAsync(parsed, services, cancellationToken);
            await following.EachAsync(change => parsed.InvocationConfiguration.Output.WriteLineAsync(Line(change)), cancellationToken);
        }));
        return command;
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
        }));
        return command;
    }
}
