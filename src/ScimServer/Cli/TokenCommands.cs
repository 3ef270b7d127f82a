using System.CommandLine;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Cli;

/// <summary><c>tokens create | list | rotate | expire | revoke</c>.</summary>
internal static class TokenCommands
{
    public static Command Create() => new("tokens", "Access tokens, with which identity providers authenticate.")
    {
        CreateToken(),
        ListTokens(),
        RotateToken(),
        ExpireToken(),
        RevokeToken(),
    };

    private static Command CreateToken()
    {
        var tenant = new Option<string?>("--tenant") { Description = "The tenant that the token gives access to." };
        var admin = new Option<bool>("--admin") { Description = "A token of the operator instead of a tenant's: for the administration of the server, and nothing else." };
        var name = new Option<string>("--name") { Description = "A name for the token, for example the identity provider's. Logs and change records carry it.", Required = true };
        var (expires, scopes, idp) = (TokenOptions.Expires("--expires"), TokenOptions.Scopes(), TokenOptions.IdentityProvider());
        var command = new Command("create", "Makes a token and prints it once. Only the token goes to standard output.") { tenant, admin, name, scopes, expires, idp };
        command.Validators.Add(result =>
        {
            if (result.GetValue(admin) == (result.GetResult(tenant) is not null))
            {
                result.AddError("Give either --tenant, or --admin for a token of the operator.");
            }
            else if (result.GetValue(admin) && (result.GetResult(scopes) is not null || result.GetResult(idp) is not null))
            {
                result.AddError("A token of the operator administers and does nothing else: leave --scopes and --idp out.");
            }
        });
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var tokens = services.GetRequiredService<AccessTokens>();
            var token = new NewToken(parsed.GetRequiredValue(name))
            {
                Scopes = TokenOptions.Scopes(parsed, scopes),
                ExpiresAt = parsed.GetValue(expires),
                IdentityProvider = parsed.GetValue(idp),
            };
            var issued = parsed.GetValue(tenant) is { } of
                ? await tokens.CreateAsync(of, token, cancellationToken)
                : await tokens.CreateForOperatorAsync(token.Name, token.ExpiresAt, cancellationToken);
            await PrintAsync(parsed, issued);
        }));
        return command;
    }

    private static async Task PrintAsync(ParseResult command, IssuedToken issued)
    {
        var console = command.InvocationConfiguration;
        await console.Output.WriteLineAsync(issued.Secret);
        var (token, owner) = (issued.Token, Owner(issued.Token));
        await console.Error.WriteLineAsync(
            $"Token \"{token.Name}\" of {owner}, for {AccessScopeNames.Format(token.Scopes)}, {TokenOptions.Until(token.ExpiresAt)}. It is shown only this once. Its id is {token.Id}.");
    }

    private static string Owner(AccessToken token) => token.TenantName is null ? "the operator" : $"tenant \"{token.TenantName}\"";

    private static Command ListTokens()
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only the tokens of this tenant." };
        var command = new Command("list", "Lists tokens, also expired and revoked ones. Their secrets are not kept.") { tenant };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var name = parsed.GetValue(tenant);
            if (name is not null)
            {
                await services.GetRequiredService<Tenants>().GetAsync(name, cancellationToken);
            }

            var tokens = await services.GetRequiredService<AccessTokens>().ListAsync(name, cancellationToken);
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            await Table.WriteAsync(
                parsed.InvocationConfiguration.Output,
                ["ID", "TENANT", "NAME", "IDP", "SCOPES", "CREATED", "LAST USED", "STATE"],
                tokens.Select(token => (string[])
                [
                    token.Id.ToString(),
                    token.TenantName ?? "-",
                    token.Name,
                    token.IdentityProvider ?? "-",
                    AccessScopeNames.Format(token.Scopes).Replace(' ', ','),
                    Table.Time(token.Created),
                    token.LastUsedAt is { } used ? Table.Time(used) : "-",
                    TokenOptions.State(token.RevokedAt, token.ExpiresAt, now),
                ]));
        }));
        return command;
    }

    private static Command RotateToken()
    {
        var id = IdArgument();
        var (overlap, expires) = (TokenOptions.Overlap(), TokenOptions.Expires("--expires"));
        expires.Description = "When the new token stops being accepted. Default: after as long as the old one was made for.";
        var command = new Command("rotate", "Makes a token that takes the place of another and prints it once. Both are accepted until the overlap ends.") { id, overlap, expires };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var (old, span) = (parsed.GetRequiredValue(id), parsed.GetValue(overlap) ?? TokenOptions.DefaultOverlap);
            await PrintAsync(parsed, await services.GetRequiredService<TokenRotation>().RotateAsync(old, span, parsed.GetValue(expires), cancellationToken));
            var until = services.GetRequiredService<TimeProvider>().GetUtcNow() + span;
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"The old one, {old}, is accepted until {Table.Time(until)} at the latest.");
        }));
        return command;
    }

    private static Command ExpireToken()
    {
        var id = IdArgument();

        // Not nullable: such an argument may be left out, which would mean never.
        var when = new Argument<DateTimeOffset>("when") { Description = "12h, 90d, 52w, a date such as 2027-12-31, or never.", CustomParser = Expiry.ParseOrNever };
        var command = new Command("expire", "Sets when a token stops being accepted, sooner or later than it would have.") { id, when };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var (token, at) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(when) is var time && time == Expiry.Never ? null : (DateTimeOffset?)time);
            if (!await services.GetRequiredService<AccessTokens>().ExpireAsync(token, at, cancellationToken))
            {
                throw new AccessException($"There is no token with the id {token} that is not revoked.");
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{token} is {TokenOptions.Until(at)}.");
        }));
        return command;
    }

    private static Argument<Guid> IdArgument() => new("id") { Description = "The token's id, as \"tokens list\" prints it." };

    private static Command RevokeToken()
    {
        var id = IdArgument();
        var command = new Command("revoke", "Revokes a token. Running servers refuse it within five seconds.") { id };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var token = parsed.GetRequiredValue(id);
            if (!await services.GetRequiredService<AccessTokens>().RevokeAsync(token, cancellationToken))
            {
                throw new AccessException($"There is no token with the id {token}.");
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Revoked {token}.");
        }));
        return command;
    }
}
