using System.CommandLine;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Webhooks;
using ScimServer.Events;
using ScimServer.Events.Webhooks;
using ScimServer.Outbound;
using ScimServer.Startup;

namespace ScimServer.Cli;

/// <summary><c>events forward</c>: a tenant's events, signed like webhooks, to a developer's own machine, which needs no public address for it.</summary>
internal static class ForwardCommand
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var events = new FollowedEvents();
        var to = new Option<Uri>("--to")
        {
            Description = "Where to post to: http://localhost:3000/hook",
            Required = true,
            CustomParser = argument => new Uri(argument.Tokens[0].Value, UriKind.RelativeOrAbsolute),
        };
        var secret = new Option<string?>("--secret") { Description = "The secret that signs: whsec_… Without it one is made and printed to standard error." };
        var thin = new Option<bool>("--thin") { Description = "Tell what changed, without values." };
        var command = new Command("forward", "Posts the events of a tenant, signed like webhooks, to an address that this machine reaches, until it is interrupted.");
        foreach (var option in (Option[])[.. events.Options, to, secret, thin])
        {
            command.Add(option);
        }

        to.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<Uri>() is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            {
                result.AddError("--to must begin with http:// or https://");
            }
        });
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var following = await events.FindAsync(parsed, services, cancellationToken);
            var time = services.GetRequiredService<TimeProvider>();
            using var client = OutboundClient.ToAnywhere(services.GetRequiredService<IOptions<OutboundOptions>>().Value, time);
            var signer = new WebhookSigner(await SecretAsync(parsed, parsed.GetValue(secret)));
            var forward = new Forward(new WebhookSender(client, time), signer, parsed.GetRequiredValue(to), !parsed.GetValue(thin), parsed.InvocationConfiguration.Output);
            await following.EachAsync(change => forward.SendAsync(change, cancellationToken), cancellationToken);
        }));
        return command;
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
