using System.CommandLine;
using System.Net.Security;
using System.Security.Authentication;
using ScimServer.Health;
using ScimServer.Startup;

namespace ScimServer.Cli;

/// <summary><c>health</c>: asks a running server whether it is ready; the health check of container images, which have no curl.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var url = new Option<string?>("--url") { Description = "The server's address. Default: the one that its settings make it listen on." };
        var command = new Command("health", "Asks the running server whether it is ready: exit code 0 when it is, 1 when it is not.") { url };
        command.SetAction((parsed, cancellationToken) => AskAsync(parsed, parsed.GetValue(url), cancellationToken));
        return command;
    }

    private static async Task<int> AskAsync(ParseResult command, string? given, CancellationToken cancellationToken)
    {
        var console = command.InvocationConfiguration;
        try
        {
            var address = given ?? ListeningAddress.Of(CommandSession.CreateBuilder().Configuration);
            var ready = Uri.TryCreate(address.TrimEnd('/') + HealthPaths.Ready, UriKind.Absolute, out var url) ? url : throw new StartupException($"\"{address}\" is not a URL.");
            return await AskAsync(console, ready, cancellationToken);
        }
        catch (Exception exception) when (StartupFailure.Explain(exception) is { } explanation)
        {
            await console.Error.WriteLineAsync($"Error: {explanation}");
            return ExitCodes.Failure;
        }
    }

    private static async Task<int> AskAsync(InvocationConfiguration console, Uri ready, CancellationToken cancellationToken)
    {
        try
        {
            // The server's certificate is for the name that clients know. On the way to this machine itself there is nobody to be kept off.
            using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, faults) => ready.IsLoopback || faults == SslPolicyErrors.None } };
            using var client = new HttpClient(handler) { Timeout = Timeout };
            using var response = await client.GetAsync(ready, cancellationToken);
            await console.Output.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.IsSuccessStatusCode ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            var reason = exception.InnerException is AuthenticationException refusal ? refusal.Message : exception.Message;
            await console.Error.WriteLineAsync($"Error: {ready} does not answer: {reason}");
            return ExitCodes.Failure;
        }
    }
}
