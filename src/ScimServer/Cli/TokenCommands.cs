using System.CommandLine;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Startup;

namespace ScimServer.Cli;

/// <summary><c>tokens create | list | revoke</c>.</summary>
internal static class TokenCommands
{
    public static Command Create() => new("tokens", "Access tokens, with which identity providers authenticate.")
    {
        CreateToken(),
        ListTokens(),
        RevokeToken(),
    };

    private static Command CreateToken()
    {
        var tenant = new Option<string>("--tenant") { Description = "The tenant that the token gives access to.", Required = true };
        var name = new Option<string>("--name") { Description = "A name for the token, for example the identity provider's. Logs and change records carry it.", Required = true };
        var expires = new Option<DateTimeOffset?>("--expires")
        {
            Description = "When it stops being accepted: 12h, 90d, 52w, or a date such as 2027-12-31. Default: never.",
            CustomParser = Expiry.Parse,
        };
        var command = new Command("create", "Makes a token and prints it once. Only the token goes to standard output.") { tenant, name, expires };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var issued = await services.GetRequiredService<AccessTokens>().CreateAsync(
                parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(name), parsed.GetValue(expires), cancellationToken);
            var console = parsed.InvocationConfiguration;
            await console.Output.WriteLineAsync(issued.Secret);
            await console.Error.WriteLineAsync(
                $"Token \"{issued.Token.Name}\" of tenant \"{issued.Token.TenantName}\", {Until(issued.Token.ExpiresAt)}. It is shown only this once. Its id is {issued.Token.Id}.");
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command ListTokens()
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only the tokens of this tenant." };
        var command = new Command("list", "Lists tokens, also expired and revoked ones. Their secrets are not kept.") { tenant };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var name = parsed.GetValue(tenant);
            if (name is not null && await services.GetRequiredService<Tenants>().FindAsync(name, cancellationToken) is null)
            {
                throw new AccessException($"There is no tenant \"{name}\".");
            }

            var tokens = await services.GetRequiredService<AccessTokens>().ListAsync(name, cancellationToken);
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            await Table.WriteAsync(
                parsed.InvocationConfiguration.Output,
                ["ID", "TENANT", "NAME", "CREATED", "STATE"],
                tokens.Select(token => (string[])[token.Id.ToString(), token.TenantName, token.Name, Table.Time(token.Created), State(token, now)]));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command RevokeToken()
    {
        var id = new Argument<Guid>("id") { Description = "The token's id, as \"tokens list\" prints it." };
        var command = new Command("revoke", "Revokes a token. Running servers refuse it within five seconds.") { id };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var token = parsed.GetRequiredValue(id);
            if (!await services.GetRequiredService<AccessTokens>().RevokeAsync(token, cancellationToken))
            {
                throw new AccessException($"There is no token with the id {token}.");
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Revoked {token}.");
            return ExitCodes.Success;
        }));
        return command;
    }

    private static string Until(DateTimeOffset? time) => time is { } at ? $"valid until {Table.Time(at)}" : "valid until it is revoked";

    private static string State(AccessToken token, DateTimeOffset now) => token switch
    {
        { RevokedAt: { } at } => $"revoked {Table.Time(at)}",
        { ExpiresAt: { } at } when at <= now => $"expired {Table.Time(at)}",
        { ExpiresAt: { } at } => $"valid until {Table.Time(at)}",
        _ => "valid",
    };
}
