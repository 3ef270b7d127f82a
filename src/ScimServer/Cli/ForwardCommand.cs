using System.CommandLine;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Webhooks;
using Scim.Schemas;
using ScimServer.Events;
using ScimServer.Events.Webhooks;
using ScimServer.Outbound;
using ScimServer.Startup;

namespace ScimServer.Cli;

/// <summary><c>events forward</c>: a tenant's events, signed like webhooks, to a developer's own machine, which needs no public address for it.</summary>
internal static class ForwardCommand
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var tenant = new Option<string>("--tenant") { Description = "The tenant.", Required = true };
        var to = new Option<Uri>("--to") { Description = "Where to post to: http://localhost:3000/hook", Required = true, CustomParser = argument => new Uri(argument.Tokens[0].Value, UriKind.RelativeOrAbsolute) };
        var types = new Option<string?>("--types") { Description = "Only these types, with commas between them: user.created, group.*" };
        var secret = new Option<string?>("--secret") { Description = "The secret that signs: whsec_… Without it one is made and printed to standard error." };
        var thin = new Option<bool>("--thin") { Description = "Tell what changed, without values." };
        var all = new Option<bool>("--all") { Description = "Begin with the oldest event that is kept, not with the next." };
        var once = new Option<bool>("--once") { Description = "End where the events end, instead of waiting for more." };
        var command = new Command("forward", "Posts the events of a tenant, signed like webhooks, to an address that this machine reaches, until it is interrupted.") { tenant, to, types, secret, thin, all, once };
        to.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<Uri>() is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            {
                result.AddError("--to must begin with http:// or https://");
            }
        });
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var found = await services.GetRequiredService<Tenants>().GetAsync(parsed.GetRequiredValue(tenant), cancellationToken);
            var request = new FeedRequest
            {
                Kinds = parsed.GetValue(types) is { } wanted ? Kinds(wanted, services) : null,
                After = parsed.GetValue(all) ? null : FeedRequest.Now,
            };
            var time = services.GetRequiredService<TimeProvider>();
            using var client = OutboundClient.ToAnywhere(services.GetRequiredService<IOptions<OutboundOptions>>().Value, time);
            var forward = new Forward(new WebhookSender(client, time), new WebhookSigner(await SecretAsync(parsed, parsed.GetValue(secret))), parsed.GetRequiredValue(to), !parsed.GetValue(thin), parsed.InvocationConfiguration.Output);
            try
            {
                await FollowAsync(services.GetRequiredService<ChangeFeed>(), found.Id, request, forward, parsed.GetValue(once), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Interrupted, which is how it ends.
            }

            return ExitCodes.Success;
        }));
        return command;
    }

    private static IReadOnlyCollection<string> Kinds(string types, IServiceProvider services)
    {
        try
        {
            return EventTypes.Parse(types, services.GetRequiredService<SchemaRegistry>());
        }
        catch (Scim.Errors.ScimException refusal)
        {
            throw new StartupException(refusal.Error.Detail!);
        }
    }

    private static async Task<WebhookSecrets> SecretAsync(ParseResult command, string? given)
    {
        if (given is null)
        {
            var made = RandomNumberGenerator.GetBytes(32);
            await command.InvocationConfiguration.Error.WriteLineAsync($"Signed with {WebhookEndpoints.SecretPrefix}{Convert.ToBase64String(made)}");
            return new WebhookSecrets(made, null, null);
        }

        var bytes = new byte[given.Length];
        return given.StartsWith(WebhookEndpoints.SecretPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(given[WebhookEndpoints.SecretPrefix.Length..], bytes, out var length) && length is >= 24 and <= 64
            ? new WebhookSecrets(bytes[..length], null, null)
            : throw new StartupException($"--secret must be {WebhookEndpoints.SecretPrefix} and 24 to 64 bytes in Base64.");
    }

    private static async Task FollowAsync(ChangeFeed feed, int tenantId, FeedRequest request, Forward forward, bool once, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await feed.WaitAsync(tenantId, request, once ? TimeSpan.Zero : Wait, Look, cancellationToken);
            foreach (var change in page.Changes)
            {
                await forward.SendAsync(change, cancellationToken);
            }

            if (once && !page.HasMore && request.After != FeedRequest.Now)
            {
                return;
            }

            request = request with { After = page.Cursor };
        }
    }

    /// <summary>One event after the other, each until it is taken.</summary>
    private sealed class Forward(WebhookSender sender, WebhookSigner signer, Uri to, bool isFull, TextWriter output)
    {
        public async Task SendAsync(ChangeRow change, CancellationToken cancellationToken)
        {
            var body = WebhookContent.Of(change, isFull, tenant: null);
            for (var pause = TimeSpan.FromSeconds(1); ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
            {
                var answer = await sender.SendAsync(to, signer, EventWriter.Id(change), body, cancellationToken);
                await output.WriteLineAsync($"{answer.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? answer.Error} {EventTypes.Of(change)} {EventWriter.Id(change)}");
                if (answer.IsSuccess)
                {
                    return;
                }

                await Task.Delay(pause, cancellationToken);
            }
        }
    }
}
