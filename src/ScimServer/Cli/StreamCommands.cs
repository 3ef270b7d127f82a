using System.CommandLine;
using System.Globalization;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using ScimServer.Events.SecurityEvents;
using ScimServer.Startup;

namespace ScimServer.Cli;

/// <summary><c>streams add | list | pause | enable | disable | verify | errors | delete | rotate-key</c>.</summary>
internal static class StreamCommands
{
    private const string Notice = "notice";
    private const string Full = "full";

    public static Command Create() => new("streams", "Streams of security event tokens (RFC 9967), pushed to a receiver or polled by it.")
    {
        Add(),
        List(),
        Change("pause", StreamStatus.Paused, "Paused", "Sends nothing until the stream is enabled; what happens meanwhile is sent then."),
        Change("enable", StreamStatus.Enabled, "Enabled", "Sends again. A paused stream goes on where it was, a disabled one with what happens from now on."),
        Change("disable", StreamStatus.Disabled, "Disabled", "Sends nothing, and forgets what the receiver has not taken."),
        Verify(),
        Errors(),
        Delete(),
        RotateKey(),
    };

    private static Command Add()
    {
        var tenant = TenantOption.Create();
        var push = new Option<string?>("--push") { Description = "The address that tokens are pushed to. Without it the receiver polls." };
        var authorized = new Option<bool>("--authorization-stdin") { Description = "Read the Authorization header of pushes from standard input, where no history keeps it." };
        var mode = new Option<string>("--mode") { Description = "notice: which attributes changed; full: the change itself.", DefaultValueFactory = _ => Notice };
        var events = new Option<string?>("--events") { Description = "Only these event URIs, with commas between them." };
        var audience = new Option<string?>("--audience") { Description = "The aud of the tokens. Without it: one that names the stream." };
        var description = new Option<string?>("--description") { Description = "What the stream is for." };
        var command = new Command("add", "Makes a stream, which tells what happens from now on, and prints its id.") { tenant, push, authorized, mode, events, audience, description };
        mode.AcceptOnlyFromAmong(Notice, Full);
        command.Validators.Add(result =>
        {
            if (result.GetValue(authorized) && result.GetResult(push) is null)
            {
                result.AddError("--authorization-stdin goes with --push.");
            }
        });
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var found = await services.GetRequiredService<Tenants>().GetAsync(parsed.GetRequiredValue(tenant), cancellationToken);
            var baseUrl = services.GetRequiredService<StreamAddress>().Configured
                ?? throw new StartupException($"the command line does not know the server's address. Set {SecurityEventsOptions.Section}:{nameof(SecurityEventsOptions.Issuer)} (or Scim:PublicBaseUrl).");
            var request = new StreamRequest
            {
                EndpointUrl = parsed.GetValue(push),
                Authorization = parsed.GetValue(authorized) ? await Console.In.ReadLineAsync(cancellationToken) : null,
                Mode = parsed.GetValue(mode) == Full ? StreamMode.Full : StreamMode.Notice,
                Events = parsed.GetValue(events)?.Split(',', StringSplitOptions.TrimEntries),
                Audience = parsed.GetValue(audience),
                Description = parsed.GetValue(description),
            };
            SecurityEventUris.ThrowIfUnknown(request.Mode, request.Events);
            var stream = await services.GetRequiredService<StreamRegistration>().CreateAsync(found, baseUrl, request, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(stream.Id.ToString());
            await parsed.InvocationConfiguration.Error.WriteLineAsync(stream.Delivery == StreamDelivery.Push
                ? $"Pushes to {stream.EndpointUrl}. Issuer {stream.Issuer}, audience {stream.Audience}."
                : $"Poll {StreamAddress.PollUrl(baseUrl, stream.Id)} with a token of the scope events. Issuer {stream.Issuer}, audience {stream.Audience}.");
        }));
        return command;
    }

    private static Command List()
    {
        var tenant = TenantOption.Create();
        var command = new Command("list", "Lists the streams of a tenant.") { tenant };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var streams = services.GetRequiredService<EventStreams>();
            var found = await services.GetRequiredService<Tenants>().GetAsync(parsed.GetRequiredValue(tenant), cancellationToken);
            var rows = new List<string[]>();
            foreach (var stream in await streams.ListAsync(found.Id, cancellationToken))
            {
                var waiting = await streams.CountWaitingAsync(found.Id, stream.Id, cancellationToken);
                rows.Add(
                [
                    stream.Id.ToString(), stream.Status.ToString().ToLowerInvariant(), stream.Mode.ToString().ToLowerInvariant(), stream.EndpointUrl ?? "poll",
                    waiting.ToString(CultureInfo.InvariantCulture), stream.DeliveredAt is { } at ? Table.Time(at) : "-",
                    stream is { Status: StreamStatus.Enabled, FailingSince: { } since } ? $"nothing taken since {Table.Time(since)}" : stream.StatusReason ?? "",
                ]);
            }

            await Table.WriteAsync(parsed.InvocationConfiguration.Output, ["ID", "STATUS", "MODE", "DELIVERY", "WAITING", "DELIVERED", "NOTE"], rows);
        }));
        return command;
    }

    private static Command Change(string verb, StreamStatus status, string done, string description)
    {
        var (tenant, id) = (TenantOption.Create(), IdArgument());
        var reason = new Option<string?>("--reason") { Description = "Why; the receiver is told." };
        var command = new Command(verb, description) { id, tenant, reason };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var found = await services.GetRequiredService<Tenants>().GetAsync(parsed.GetRequiredValue(tenant), cancellationToken);
            await services.GetRequiredService<EventStreams>().SetStatusAsync(found, parsed.GetRequiredValue(id), status, parsed.GetValue(reason), tellsReceiver: true, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{done} {parsed.GetRequiredValue(id)}.");
        }));
        return command;
    }

    private static Command Verify()
    {
        var (tenant, id) = (TenantOption.Create(), IdArgument());
        var state = new Option<string?>("--state") { Description = "What the receiver is to see in it." };
        var command = new Command("verify", "Has a token sent that shows the receiver that the stream works.") { id, tenant, state };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var found = await services.GetRequiredService<Tenants>().GetAsync(parsed.GetRequiredValue(tenant), cancellationToken);
            await services.GetRequiredService<EventStreams>().VerifyAsync(found, parsed.GetRequiredValue(id), parsed.GetValue(state), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync("A verification is on its way.");
        }));
        return command;
    }

    private static Command Errors()
    {
        var (tenant, id) = (TenantOption.Create(), IdArgument());
        var command = new Command("errors", "Lists what went wrong with tokens of a stream lately, newest first.") { id, tenant };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var found = await services.GetRequiredService<Tenants>().GetAsync(parsed.GetRequiredValue(tenant), cancellationToken);
            var errors = await services.GetRequiredService<EventStreams>().ErrorsAsync(found.Id, parsed.GetRequiredValue(id), cancellationToken);
            await Table.WriteAsync(
                parsed.InvocationConfiguration.Output,
                ["TIME", "TOKEN", "STATUS", "ERROR", "GIVEN UP", "DESCRIPTION"],
                errors.Select(error => (string[])[Table.Time(error.At), error.Jti, error.HttpStatus?.ToString(CultureInfo.InvariantCulture) ?? "-", error.Err, error.GivenUp ? "yes" : "no", error.Description ?? ""]));
        }));
        return command;
    }

    private static Command Delete()
    {
        var (tenant, id) = (TenantOption.Create(), IdArgument());
        var command = new Command("delete", "Deletes a stream with everything that it has not told yet.") { id, tenant };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var found = await services.GetRequiredService<Tenants>().GetAsync(parsed.GetRequiredValue(tenant), cancellationToken);
            if (!await services.GetRequiredService<EventStreams>().DeleteAsync(found, parsed.GetRequiredValue(id), cancellationToken))
            {
                throw new AccessException($"There is no stream with the id {parsed.GetRequiredValue(id)}.");
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Deleted {parsed.GetRequiredValue(id)}.");
        }));
        return command;
    }

    private static Command RotateKey()
    {
        var command = new Command("rotate-key", "Makes a new key for signing tokens, for all tenants. It signs after a minute; the old public key stays published.");
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var (kid, from) = await services.GetRequiredService<SigningKeyRing>().RotateAsync(cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"The key {kid} signs from {Table.Time(from)} on.");
        }));
        return command;
    }

    private static Argument<Guid> IdArgument() => new("id") { Description = "The stream's id, as \"streams list\" prints it." };
}
