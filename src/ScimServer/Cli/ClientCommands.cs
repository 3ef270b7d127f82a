using System.CommandLine;
using Scim.EntityFrameworkCore.Access;
using ScimServer.OAuth;

namespace ScimServer.Cli;

/// <summary><c>clients add | list | rotate | revoke | disable | enable | delete</c>.</summary>
internal static class ClientCommands
{
    public static Command Create() => new("clients", "Clients of the token endpoint, for identity providers that want OAuth 2.0 client credentials.")
    {
        Add(),
        ListClients(),
        Rotate(),
        Revoke(),
        Change("disable", "Refuses a client and its access tokens until it is enabled again. Running servers do within five seconds.", "Disabled", (clients, id, stop) => clients.DisableAsync(id, stop)),
        Change("enable", "Accepts a disabled client again.", "Enabled", (clients, id, stop) => clients.EnableAsync(id, stop)),
        Change("delete", "Deletes a client with its secrets. Running servers refuse its access tokens within five seconds.", "Deleted", (clients, id, stop) => clients.DeleteAsync(id, stop)),
    };

    private static Command Add()
    {
        var tenant = new Option<string>("--tenant") { Description = "The tenant that the client gives access to.", Required = true };
        var name = new Option<string>("--name") { Description = "A name for the client, for example the identity provider's. Logs and change records carry it.", Required = true };
        var (expires, scopes, idp) = (TokenOptions.Expires("--secret-expires"), TokenOptions.Scopes(), TokenOptions.IdentityProvider());
        var command = new Command("add", "Makes a client and prints its id and its secret, once, each on a line of standard output.") { tenant, name, scopes, expires, idp };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var client = new NewClient(parsed.GetRequiredValue(name))
            {
                Scopes = TokenOptions.Scopes(parsed, scopes),
                ExpiresAt = parsed.GetValue(expires),
                IdentityProvider = parsed.GetValue(idp),
            };
            await PrintAsync(parsed, await services.GetRequiredService<Clients>().CreateAsync(parsed.GetRequiredValue(tenant), client, cancellationToken));
        }));
        return command;
    }

    private static Command ListClients()
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only the clients of this tenant." };
        var command = new Command("list", "Lists clients with their secrets' ids and states, a line for each secret. The secrets themselves are not kept.") { tenant };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var name = parsed.GetValue(tenant);
            if (name is not null)
            {
                await services.GetRequiredService<Tenants>().GetAsync(name, cancellationToken);
            }

            var clients = await services.GetRequiredService<Clients>().ListAsync(name, cancellationToken);
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            await Table.WriteAsync(
                parsed.InvocationConfiguration.Output,
                ["CLIENT ID", "TENANT", "NAME", "IDP", "SCOPES", "STATE", "SECRET ID", "LAST USED", "SECRET STATE"],
                clients.SelectMany(client => client.Secrets.Select(secret => Row(client, secret, now))));
        }));
        return command;
    }

    private static Command Rotate()
    {
        var id = IdArgument();
        var (overlap, expires) = (TokenOptions.Overlap(), TokenOptions.Expires("--secret-expires"));
        expires.Description = "When the new secret stops being accepted. Default: after as long as the last one was made for.";
        var command = new Command("rotate", "Makes another secret and prints it once. The one before it is accepted until the overlap ends.") { id, overlap, expires };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var issued = await services.GetRequiredService<ClientSecrets>().RotateAsync(parsed.GetRequiredValue(id), parsed.GetValue(overlap) ?? TokenOptions.DefaultOverlap, parsed.GetValue(expires), cancellationToken);
            await PrintAsync(parsed, issued);
        }));
        return command;
    }

    private static Command Revoke()
    {
        var (id, secret) = (IdArgument(), new Argument<Guid>("secret-id") { Description = "The secret's id, as \"clients list\" prints it." });
        var command = new Command("revoke", "Revokes a secret, with the access tokens that were got with it. Running servers refuse them within five seconds.") { id, secret };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var revoked = parsed.GetRequiredValue(secret);
            await services.GetRequiredService<ClientSecrets>().RevokeAsync(parsed.GetRequiredValue(id), revoked, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Revoked {revoked}.");
        }));
        return command;
    }

    private static Command Change(string verb, string description, string done, Func<Clients, Guid, CancellationToken, Task> change)
    {
        var id = IdArgument();
        var command = new Command(verb, description) { id };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var client = parsed.GetRequiredValue(id);
            await change(services.GetRequiredService<Clients>(), client, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{done} {client}.");
        }));
        return command;
    }

    private static Argument<Guid> IdArgument() => new("client-id") { Description = "The client's id, as \"clients list\" prints it." };

    private static async Task PrintAsync(ParseResult command, IssuedSecret issued)
    {
        var (console, client) = (command.InvocationConfiguration, issued.Client);
        await console.Output.WriteLineAsync(client.Id.ToString());
        await console.Output.WriteLineAsync(issued.Secret);
        var secret = client.Secrets.Single(made => made.Id == issued.SecretId);
        await console.Error.WriteLineAsync(
            $"Client \"{client.Name}\" of tenant \"{client.TenantName}\", for {AccessScopeNames.Format(client.Scopes)}. The token endpoint is {TokenEndpoint.Path}.\n"
            + $"The secret is shown only this once. Its id is {secret.Id}; it is {TokenOptions.Until(secret.ExpiresAt)}.");
    }

    private static string[] Row(Client client, ClientSecret secret, DateTimeOffset now) =>
    [
        client.Id.ToString(),
        client.TenantName,
        client.Name,
        client.IdentityProvider ?? "-",
        AccessScopeNames.Format(client.Scopes).Replace(' ', ','),
        client.DisabledAt is { } at ? $"disabled {Table.Time(at)}" : "enabled",
        secret.Id.ToString(),
        secret.LastUsedAt is { } used ? Table.Time(used) : "-",
        TokenOptions.State(secret.RevokedAt, secret.ExpiresAt, now),
    ];
}
