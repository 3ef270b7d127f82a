using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Provisioning;
using Scim.EntityFrameworkCore.Rows;

namespace ScimServer.Cli;

/// <summary><c>log requests | request | failures | overview</c>: the provisioning log.</summary>
internal static class RequestCommands
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    public static IEnumerable<Command> Create() => [Requests(), One(), Failures(), Overview()];

    private static Command Requests()
    {
        var tenant = TenantOption.Create();
        var failed = new Option<bool>("--failed") { Description = "Only those that failed." };
        var resource = new Option<Guid?>("--resource") { Description = "Those whose path names the resource with this id." };
        var actor = new Option<string?>("--actor") { Description = "Those of the token of this name." };
        var from = UtcTime.Option("--since", "Those that began at this time or later");
        var follow = new Option<bool>("--follow") { Description = "Go on with those that come, until it is interrupted." };
        var count = LogCommands.CountOption();
        var command = new Command("requests", "What identity providers asked for.") { tenant, failed, resource, actor, from, follow, count };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var found = await services.GetRequiredService<Tenants>().GetAsync(parsed.GetRequiredValue(tenant), cancellationToken);
            var log = services.GetRequiredService<ProvisioningLogQueries>();
            var query = new RequestQuery
            {
                Failed = parsed.GetValue(failed),
                Resource = parsed.GetValue(resource),
                Actor = parsed.GetValue(actor),
                Since = parsed.GetValue(from),
                Count = parsed.GetValue(count),
            };
            var rows = await AllAsync(log, found.Id, query, cancellationToken);
            var output = parsed.InvocationConfiguration.Output;
            await Table.WriteAsync(output, ["AT", "REFERENCE", "METHOD", "ROUTE", "STATUS", "MS", "TOKEN", "RULES"], rows.Select(Cells));
            if (parsed.GetValue(follow))
            {
                // Where all that there is has been printed, what began before and has not ended comes too.
                var time = services.GetRequiredService<TimeProvider>();
                var since = rows.Count == query.Count ? rows[^1].At : query.Since ?? time.GetUtcNow() - RequestFollower.Longest;
                var follower = new RequestFollower(log, found.Id, query with { Since = since }, time, rows.Select(row => row.Txn));
                await CommandSession.UntilInterruptedAsync(() => FollowAsync(follower, output, cancellationToken), cancellationToken);
            }
        }));
        return command;
    }

    private static Command One()
    {
        var reference = new Argument<string>("reference") { Description = "The reference, as the error's detail, the log or X-Correlation-Id has it." };
        var command = new Command("request", "One request by its reference: what was asked, what was answered, what it changed.") { reference };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var text = parsed.GetRequiredValue(reference);
            if (!RequestReference.TryParse(text, out var txn))
            {
                throw new AccessException($"\"{text}\" is not a reference: it has sixteen characters, like 7K2M9QX4ABCDEFGH.");
            }

            var found = await services.GetRequiredService<ProvisioningLogQueries>().FindAsync(txn, cancellationToken)
                ?? throw new AccessException($"There is no request with the reference {text} in the log. It is written a second after the answer, and deleted when it is old.");
            var output = parsed.InvocationConfiguration.Output;
            if (found.Refused is { } refused)
            {
                await WriteAsync(output, refused);
                return;
            }

            await WriteAsync(output, found.Tenant!, found.Request!);
            var changes = await services.GetRequiredService<ChangeQueries>().ReadAsync(found.Tenant!.Id, new ChangeQuery { Txn = txn }, cancellationToken);
            if (changes.Changes.Count > 0)
            {
                await output.WriteLineAsync();
                await Table.WriteAsync(
                    output,
                    ["TXN", "KIND", "TYPE", "RESOURCE", "VERSION"],
                    changes.Changes.Reverse().Select(change => (string[])[RequestReference.Format(change.Txn), change.Kind, change.ResourceType, change.ResourceId.ToString(), Number(change.Version)]));
            }
        }));
        return command;
    }

    private static Command Failures()
    {
        var count = LogCommands.CountOption();
        var command = new Command("failures", "Requests that were refused before their tenant was known, with the true reason.") { count };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var refused = await services.GetRequiredService<ProvisioningLogQueries>().RefusedAsync(before: null, parsed.GetValue(count), cancellationToken);
            await Table.WriteAsync(
                parsed.InvocationConfiguration.Output,
                ["AT", "REFERENCE", "METHOD", "PATH", "STATUS", "ADDRESS", "TENANT", "TOKEN", "REASON"],
                refused.Select(row => (string[])
                [
                    Table.Time(row.At), RequestReference.Format(row.Txn), row.Method, row.Path, Number(row.Status), row.Address ?? "-", row.TenantName ?? "-", row.TokenName ?? "-", row.Reason,
                ]));
            var yesterday = services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(-1);
            var lastDay = await services.GetRequiredService<ProvisioningLogQueries>().CountRefusedAsync(yesterday, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{Number(lastDay.Requests)} in the last 24 hours, of which {Number(lastDay.Unrecorded)} came too fast to be in the list.");
        }));
        return command;
    }

    private static Command Overview()
    {
        var minutes = new Option<int>("--minutes") { Description = "The last so many minutes.", DefaultValueFactory = _ => 60 };
        minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--minutes must be 1 or more.");
            }
        });
        var command = new Command("overview", "How many requests each tenant made lately, and how many failed.") { minutes };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var since = services.GetRequiredService<TimeProvider>().GetUtcNow().AddMinutes(-parsed.GetValue(minutes));
            var all = await services.GetRequiredService<ProvisioningLogQueries>().OverviewAsync(since, cancellationToken);
            await Table.WriteAsync(
                parsed.InvocationConfiguration.Output,
                ["TENANT", "REQUESTS", "FAILURES", "UNRECORDED", "LAST SEEN"],
                all.Select(one => (string[])[one.Tenant.Name, Number(one.Requests), Number(one.Failures), Number(one.Unrecorded), one.LastSeen is { } at ? Table.Time(at) : "-"]));
        }));
        return command;
    }

    /// <summary>So many as asked for, over pages that may hold fewer.</summary>
    private static async Task<List<RequestRow>> AllAsync(ProvisioningLogQueries log, int tenantId, RequestQuery query, CancellationToken cancellationToken)
    {
        var rows = new List<RequestRow>();
        while (true)
        {
            var page = await log.ReadAsync(tenantId, query with { Count = query.Count - rows.Count }, cancellationToken);
            rows.AddRange(page.Requests);
            if (rows.Count >= query.Count || page.Next is not { } next)
            {
                return rows;
            }

            query = query with { Before = next };
        }
    }

    private static async Task FollowAsync(RequestFollower follower, TextWriter output, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Look, cancellationToken);
            foreach (var row in await follower.NextAsync(cancellationToken))
            {
                await output.WriteLineAsync(string.Join("  ", Cells(row)));
            }
        }
    }

    private static string[] Cells(RequestRow row) =>
    [
        Table.Second(row.At), RequestReference.Format(row.Txn), row.Method, row.Route,
        Number(row.Status) + (row.Failed ? " !" : ""), (row.Duration / 1000.0).ToString("0.0", CultureInfo.InvariantCulture), row.Actor, row.Rules ?? "-",
    ];

    private static async Task WriteAsync(TextWriter output, RefusedRequestRow refused)
    {
        await output.WriteLineAsync($"{refused.Method} {refused.Path} {refused.Status}, at {refused.At.UtcDateTime:O} from {refused.Address ?? "an unknown address"}");
        await output.WriteLineAsync($"Refused before a tenant was known: {refused.Reason}.");
        if (refused.TokenName is { } token)
        {
            await output.WriteLineAsync($"It is the token \"{token}\" of {(refused.TenantName is { } tenant ? $"the tenant \"{tenant}\"" : "the operator")}.");
        }
    }

    private static async Task WriteAsync(TextWriter output, Tenant tenant, RequestRow request)
    {
        var steps = Admin.RequestStepsView.Of(request);
        await output.WriteLineAsync($"{request.Method} {request.Route} {request.Status}, at {request.At.UtcDateTime:O} by \"{request.Actor}\" of the tenant \"{tenant.Name}\"");
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{request.Duration / 1000.0:0.0} ms: authenticate {steps.Authenticate ?? 0:0.0}, read {steps.Read ?? 0:0.0}, store {steps.Store ?? 0:0.0}, write {steps.Write ?? 0:0.0}"));
        await output.WriteLineAsync($"Resource {request.ResourceId?.ToString() ?? "-"}, dialect rules {request.Rules ?? "-"}, client's id {request.ClientId ?? "-"}");
        if (request.Failure is { } failure)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(JsonElement.Parse(failure), Readable));
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
