using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Webhooks;
using Scim.Schemas;
using ScimServer.Admin;
using ScimServer.Events.Webhooks;
using ScimServer.Outbound;

namespace ScimServer.Cli;

/// <summary><c>webhooks add | list | rotate | disable | enable | delete | replay | attempts</c>.</summary>
internal static class WebhookCommands
{
    private const int MaxAttempts = 1000;

    public static Command Create() => new("webhooks", "Webhooks: addresses to which events are sent as they happen.")
    {
        Add(),
        List(),
        Rotate(),
        Change("disable", "Sends nothing any more, until it is enabled.", "Disabled", (webhooks, webhook, stop) => webhooks.DisableAsync(webhook, stop)),
        Change("enable", "Goes on where it was: what happened meanwhile is sent, as far as it is kept.", "Enabled", (webhooks, webhook, stop) => webhooks.EnableAsync(webhook, stop)),
        Change("delete", "Deletes a webhook with everything about it.", "Deleted", (webhooks, webhook, stop) => webhooks.DeleteAsync(webhook, stop)),
        Replay(),
        Attempts(),
    };

    private static Command Add()
    {
        var url = new Option<string>("--url") { Description = "Where events are posted to.", Required = true };
        var tenant = TenantOption("The tenant whose events it gets. Without it, it is the operator's and gets those of all tenants, and operational events.");
        var types = new Option<string?>("--types") { Description = "Only these events, with commas between them: user.created, group.*" };
        var actors = new Option<string?>("--actors") { Description = "Only what the tokens of these names did." };
        var notActors = new Option<string?>("--not-actors") { Description = "Not what the tokens of these names did, for a product that changes users itself." };
        var thin = new Option<bool>("--thin") { Description = "Tell what changed, without values." };
        var description = new Option<string?>("--description") { Description = "What it is for." };
        var command = new Command("add", "Adds a webhook and prints its secret once. Only the secret goes to standard output.") { url, tenant, types, actors, notActors, thin, description };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var webhook = new NewWebhook(parsed.GetRequiredValue(url))
            {
                Types = Names(parsed.GetValue(types)),
                Actors = Names(parsed.GetValue(actors)),
                NotActors = Names(parsed.GetValue(notActors)) ?? [],
                IsFull = !parsed.GetValue(thin),
                Description = parsed.GetValue(description),
            };
            var of = await OwnerAsync(services, parsed.GetValue(tenant), cancellationToken);
            var asked = WebhookFilter.Check(webhook, services.GetRequiredService<IOptions<OutboundOptions>>().Value, services.GetRequiredService<SchemaRegistry>());
            var issued = await services.GetRequiredService<WebhookEndpoints>().AddAsync(of, asked, cancellationToken);
            await PrintAsync(parsed, issued, "It gets what happens from now on.");
        }));
        return command;
    }

    private static Command List()
    {
        var tenant = TenantOption("The tenant. Without it, the webhooks of the operator are listed.");
        var command = new Command("list", "Lists the webhooks of a tenant or of the operator.") { tenant };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var of = await OwnerAsync(services, parsed.GetValue(tenant), cancellationToken);
            var webhooks = await services.GetRequiredService<WebhookEndpoints>().ListAsync(of?.Id ?? WebhookEndpoints.Operator, cancellationToken);
            await Table.WriteAsync(
                parsed.InvocationConfiguration.Output,
                ["ID", "CREATED", "STATE", "EVENTS", "URL", "REASON"],
                webhooks.Select(webhook => (string[])
                [
                    webhook.Id.ToString(), Table.Time(webhook.Created), WebhookView.StateOf(webhook), string.Join(',', webhook.Given.Types ?? ["all"]), webhook.Given.Url, Reason(webhook),
                ]));
        }));
        return command;
    }

    private static string Reason(Webhook webhook) => webhook switch
    {
        { DisabledReason: { } reason } => reason,
        { FailingSince: { } since } => $"since {Table.Time(since)}",
        _ => "-",
    };

    private static Command Rotate()
    {
        var id = IdArgument();
        var overlap = TokenOptions.Overlap("How long the old secret signs beside the new one");
        var command = new Command("rotate", "Makes a new secret and prints it once.") { id, overlap };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var webhook = await FindAsync(services, parsed.GetValue(id), cancellationToken);
            var issued = await services.GetRequiredService<WebhookEndpoints>().RotateAsync(webhook, parsed.GetValue(overlap) ?? TokenOptions.DefaultOverlap, cancellationToken);
            var until = issued.Webhook.OldSecretUntil is { } time ? $"The old secret signs beside it until {Table.Time(time)}." : "The old secret does not sign any more.";
            await PrintAsync(parsed, issued, until);
        }));
        return command;
    }

    private static Command Change(string verb, string description, string done, Func<WebhookEndpoints, Webhook, CancellationToken, Task> change)
    {
        var id = IdArgument();
        var command = new Command(verb, description) { id };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var webhook = await FindAsync(services, parsed.GetValue(id), cancellationToken);
            await change(services.GetRequiredService<WebhookEndpoints>(), webhook, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{done} the webhook to {webhook.Given.Url}.");
        }));
        return command;
    }

    private static Command Replay()
    {
        var id = IdArgument();
        var tenant = TenantOption("The tenant whose events are meant; only for a webhook of the operator.");
        var @event = new Option<string?>("--event") { Description = "The event with this id." };
        var resource = new Option<Guid?>("--resource") { Description = "The events of the resource with this id." };
        var since = UtcTime.Option("--since", "The events at this time or later");
        var until = UtcTime.Option("--until", "The events before this time");
        var command = new Command("replay", "Sends events anew, with the ids and bytes of the first time.") { id, tenant, @event, resource, since, until };
        command.Validators.Add(result =>
        {
            if (((Option[])[@event, resource, since, until]).All(option => result.GetResult(option) is null))
            {
                result.AddError("Say which: --event, --resource, or --since and --until.");
            }
        });
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var webhook = await FindAsync(services, parsed.GetValue(id), cancellationToken);
            var of = (await OwnerAsync(services, parsed.GetValue(tenant), cancellationToken))?.Id ?? webhook.TenantId;
            if (of == WebhookEndpoints.Operator)
            {
                throw new AccessException("The webhook is the operator's: say with --tenant whose events are meant.");
            }

            var replay = new WebhookReplay
            {
                Event = parsed.GetValue(@event) is { } text ? ReplayRequest.ReadEvent(text) : null,
                Resource = parsed.GetValue(resource),
                Since = parsed.GetValue(since),
                Until = parsed.GetValue(until),
                Filter = WebhookFilter.Of(webhook.Given, services.GetRequiredService<SchemaRegistry>()),
            };
            var count = await services.GetRequiredService<WebhookReplays>().ReplayAsync(webhook, of, replay, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{count} events are sent anew to {webhook.Given.Url}.");
        }));
        return command;
    }

    private static Command Attempts()
    {
        var id = IdArgument();
        var failed = new Option<bool>("--failed") { Description = "Only those that failed." };
        var count = LogCommands.CountOption(MaxAttempts);
        var command = new Command("attempts", "The latest attempts to deliver, newest first.") { id, failed, count };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var webhook = await FindAsync(services, parsed.GetValue(id), cancellationToken);
            var attempts = await services.GetRequiredService<WebhookQueries>().AttemptsAsync(webhook, parsed.GetValue(failed), parsed.GetValue(count), cancellationToken);
            await Table.WriteAsync(
                parsed.InvocationConfiguration.Output,
                ["AT", "EVENT", "TYPE", "ATTEMPT", "STATUS", "MS", "ERROR", "NEXT"],
                attempts.Select(AttemptView.Of).Select(attempt => (string[])
                [
                    Table.Second(attempt.At),
                    attempt.Event ?? "-",
                    attempt.Type ?? "-",
                    attempt.Attempt.ToString(CultureInfo.InvariantCulture),
                    attempt.Status?.ToString(CultureInfo.InvariantCulture) ?? "-",
                    attempt.Milliseconds.ToString(CultureInfo.InvariantCulture),
                    attempt.Error ?? "-",
                    attempt.Next is { } next ? Table.Time(next) : "-",
                ]));
        }));
        return command;
    }

    private static Argument<Guid> IdArgument() => new("id") { Description = "The id of the webhook; webhooks list shows it." };

    private static Option<string?> TenantOption(string description) => new("--tenant") { Description = description };

    private static List<string>? Names(string? text) =>
        text is null ? null : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static async Task<Tenant?> OwnerAsync(IServiceProvider services, string? name, CancellationToken cancellationToken) => name is null
        ? null
        : await services.GetRequiredService<Tenants>().GetAsync(name, cancellationToken);

    private static async Task<Webhook> FindAsync(IServiceProvider services, Guid id, CancellationToken cancellationToken) =>
        await services.GetRequiredService<WebhookEndpoints>().FindAsync(id, cancellationToken) ?? throw new AccessException($"There is no webhook with the id {id}.");

    private static async Task PrintAsync(ParseResult command, IssuedWebhook issued, string more)
    {
        var console = command.InvocationConfiguration;
        await console.Output.WriteLineAsync(issued.Secret);
        await console.Error.WriteLineAsync($"The secret of the webhook {issued.Webhook.Id} to {issued.Webhook.Given.Url}. It is shown only this once. {more}");
    }
}
