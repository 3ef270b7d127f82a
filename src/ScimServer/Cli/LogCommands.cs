using System.CommandLine;
using System.Globalization;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Provisioning;

namespace ScimServer.Cli;

/// <summary><c>log changes | actions | requests | request | failures | overview</c>.</summary>
internal static class LogCommands
{
    public static Command Create()
    {
        var command = new Command("log", "Who changed what, and what identity providers asked for, newest first.") { Changes(), Actions() };
        foreach (var requests in RequestCommands.Create())
        {
            command.Add(requests);
        }

        return command;
    }

    private static Command Changes()
    {
        var tenant = TenantOption.Create();
        var resource = new Option<Guid?>("--resource") { Description = "Changes of the resource with this id." };
        var member = new Option<Guid?>("--member") { Description = "Changes of groups by which the resource with this id came or went as a member." };
        var actor = new Option<string?>("--actor") { Description = "Changes that the token of this name asked for." };
        var txn = new Option<string?>("--txn") { Description = "Changes that the request of this reference caused." };
        var since = UtcTime.Option("--since", "Changes at this time or later");
        var count = CountOption();
        var command = new Command("changes", "The changes of a tenant's users and groups.") { tenant, resource, member, actor, txn, since, count };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var found = await services.GetRequiredService<Tenants>().GetAsync(parsed.GetRequiredValue(tenant), cancellationToken);
            var query = new ChangeQuery
            {
                Resource = parsed.GetValue(resource),
                Member = parsed.GetValue(member),
                Actor = parsed.GetValue(actor),
                Txn = parsed.GetValue(txn) is not { } text ? null
                    : RequestReference.TryParse(text, out var reference) ? reference
                    : throw new AccessException($"\"{text}\" is not the reference of a request."),
                Since = parsed.GetValue(since),
                Count = parsed.GetValue(count),
            };
            var rows = new List<string[]>();
            await foreach (var change in AllAsync(services.GetRequiredService<ChangeQueries>(), found.Id, query, cancellationToken))
            {
                rows.Add([Table.Time(change.At), change.Actor, change.Kind, change.ResourceType, change.ResourceId.ToString(), change.Version.ToString(CultureInfo.InvariantCulture), change.Display ?? "-"]);
            }

            await Table.WriteAsync(parsed.InvocationConfiguration.Output, ["AT", "ACTOR", "KIND", "TYPE", "RESOURCE", "VERSION", "NAME"], rows);
        }));
        return command;
    }

    private static Command Actions()
    {
        var count = CountOption();
        var command = new Command("actions", "What was done to tenants, tokens, clients, webhooks and streams, and by whom.") { count };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var actions = await services.GetRequiredService<AdminLog>().ListAsync(before: null, parsed.GetValue(count), cancellationToken);
            await Table.WriteAsync(
                parsed.InvocationConfiguration.Output,
                ["AT", "ACTOR", "ACTION", "TENANT", "TOKEN", "DETAIL"],
                actions.Select(action => (string[])[Table.Time(action.At), action.Actor, action.Action, action.TenantName ?? "-", action.TokenId?.ToString() ?? "-", action.Detail ?? "-"]));
        }));
        return command;
    }

    internal static Option<int> CountOption(int max = 10_000)
    {
        var count = new Option<int>("--count") { Description = "So many at most.", DefaultValueFactory = _ => 50 };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var given && (given < 1 || given > max))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--count must be 1 to {max}."));
            }
        });
        return count;
    }

    /// <summary>So many as asked for, over pages that may hold fewer.</summary>
    private static async IAsyncEnumerable<Scim.EntityFrameworkCore.Rows.ChangeRow> AllAsync(
        ChangeQueries changes, int tenantId, ChangeQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var left = query.Count; left > 0;)
        {
            var page = await changes.ReadAsync(tenantId, query with { Count = left }, cancellationToken);
            foreach (var change in page.Changes)
            {
                yield return change;
            }

            left -= page.Changes.Count;
            if (page.Next is not { } next)
            {
                yield break;
            }

            query = query with { Before = next };
        }
    }
}
