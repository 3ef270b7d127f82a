using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Cli;
using ScimServer.Http;
using ScimServer.Observability;

namespace ScimServer.Startup;

/// <summary>
/// Tells whoever started the server how to reach it. Written to the console and never to the log: it may hold the token. Where standard
/// output is JSON for a program, it goes to standard error.
/// </summary>
internal sealed class Announcement(IServer server, IOptions<ScimHttpOptions> options, DatabaseOptions database, IConfiguration configuration)
{
    /// <summary>The configured one: where the server runs in a container or behind a proxy, its own address leads nowhere.</summary>
    public string BaseUrl =>
        options.Value.PublicBaseUrl is { } url && !string.IsNullOrWhiteSpace(url) ? url.Trim().TrimEnd('/') : Address() + ScimEndpoint.BasePath;

    public void Print(FirstRunOutcome outcome) =>
        (LoggingExtensions.ReadFormat(configuration) == LogFormat.Json ? Console.Error : Console.Out).Write(Compose(outcome));

    private string Compose(FirstRunOutcome outcome)
    {
        var baseUrl = BaseUrl;
        var text = new StringBuilder();
        text.AppendLine();
        Line(text, "ScimServer is running.");
        text.AppendLine();
        Field(text, "Base URL", baseUrl);
        Field(text, "Token", Token(outcome));
        Field(text, "Swagger", SwaggerUrl(baseUrl));
        Field(text, "Database", DatabaseSettings.Describe(database));
        text.AppendLine();
        if (outcome is FirstRunOutcome.Issued issued)
        {
            Line(text, "The token belongs to the tenant \"default\". It is shown only this once. Try it:");
            text.AppendLine();
            Line(text, $"curl -H \"Authorization: Bearer {issued.Secret}\" {baseUrl}/Users");
            text.AppendLine();
        }

        return text.ToString();
    }

    private static string Token(FirstRunOutcome outcome) => outcome switch
    {
        FirstRunOutcome.Issued issued => issued.Secret,
        FirstRunOutcome.Bootstrapped => "the one that Scim:BootstrapToken sets",
        FirstRunOutcome.NotFirst => $"shown when it was made. A new one: {CommandLine.Invocation} tokens create --tenant {Tenants.DefaultName} --name my-idp",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private string SwaggerUrl(string baseUrl) =>
        (baseUrl.EndsWith(ScimEndpoint.BasePath, StringComparison.Ordinal) ? baseUrl[..^ScimEndpoint.BasePath.Length] : Address()) + "/swagger";

    /// <summary>The address that the server listens on, as a browser on this machine writes it.</summary>
    private string Address() => ListeningAddress.Choose(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);

    private static void Line(StringBuilder text, string line) => text.Append("  ").AppendLine(line);

    private static void Field(StringBuilder text, string name, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"  {name,-10} {value}").AppendLine();
}
