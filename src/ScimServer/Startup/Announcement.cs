using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Cli;
using ScimServer.Http;

namespace ScimServer.Startup;

/// <summary>
/// Tells whoever started the server how to reach it. Written to the console and never to the log: it may hold the token.
/// </summary>
internal sealed class Announcement(IServer server, IOptions<ScimHttpOptions> options, DatabaseOptions database)
{
    public void Print(FirstRunOutcome outcome) => Console.Out.Write(Compose(outcome));

    private string Compose(FirstRunOutcome outcome)
    {
        var address = Address();
        var baseUrl = string.IsNullOrWhiteSpace(options.Value.PublicBaseUrl) ? address + ScimEndpoint.BasePath : options.Value.PublicBaseUrl.TrimEnd('/');
        var text = new StringBuilder();
        text.AppendLine();
        Line(text, "ScimServer is running.");
        text.AppendLine();
        Field(text, "Base URL", baseUrl);
        Field(text, "Token", Token(outcome));
        Field(text, "Swagger", address + "/swagger");
        Field(text, "Database", DatabaseSettings.Describe(database));
        text.AppendLine();
        if (outcome is FirstRunOutcome.Issued issued)
        {
            Line(text, "The token belongs to the tenant \"default\". It is shown only this once. Try it:");
            text.AppendLine();
            Line(text, $"curl -H \"Authorization: Bearer {issued.Secret}\" {address}{ScimEndpoint.BasePath}/Users");
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

    /// <summary>The address that the server listens on, as a browser on this machine writes it.</summary>
    private string Address()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var plain = addresses.FirstOrDefault(address => address.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        return ListeningAddress.ToLocalhost(plain ?? addresses.FirstOrDefault() ?? ListeningAddress.Default);
    }

    private static void Line(StringBuilder text, string line) => text.Append("  ").AppendLine(line);

    private static void Field(StringBuilder text, string name, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"  {name,-10} {value}").AppendLine();
}
