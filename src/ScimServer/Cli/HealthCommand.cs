using System.CommandLine;
using ScimServer.Health;
using ScimServer.Startup;

namespace ScimServer.Cli;

/// <summary><c>health</c>: asks a running server whether it is ready; the health check of container images, which have no curl.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var url = new Option<string>("--url")
        {
            Description = "The server's address. Default: the one that ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS makes it listen on.",
            DefaultValueFactory = _ => FromEnvironment(),
        };
        var command = new Command("health", "Asks the running server whether it is ready: exit code 0 when it is, 1 when it is not.") { url };
        command.SetAction((parsed, cancellationToken) => AskAsync(parsed, parsed.GetRequiredValue(url), cancellationToken));
        return command;
    }

    private static async Task<int> AskAsync(ParseResult command, string address, CancellationToken cancellationToken)
    {
        var console = command.InvocationConfiguration;
        if (!Uri.TryCreate(address.TrimEnd('/') + HealthPaths.Ready, UriKind.Absolute, out var ready))
        {
            await console.Error.WriteLineAsync($"Error: \"{address}\" is not a URL.");
            return ExitCodes.Failure;
        }

        try
        {
            using var client = new HttpClient { Timeout = Timeout };
            using var response = await client.GetAsync(ready, cancellationToken);
            await console.Output.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.IsSuccessStatusCode ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await console.Error.WriteLineAsync($"Error: {ready} does not answer: {exception.Message}");
            return ExitCodes.Failure;
        }
    }

    private static string FromEnvironment()
    {
        var urls = Environment.GetEnvironmentVariable("ASPNETCORE_URLS");
        if (!string.IsNullOrWhiteSpace(urls))
        {
            return ListeningAddress.ToLocalhost(urls.Split(';')[0]);
        }

        var ports = Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS");
        return string.IsNullOrWhiteSpace(ports) ? ListeningAddress.Default : $"http://localhost:{ports.Split(';')[0]}";
    }
}
