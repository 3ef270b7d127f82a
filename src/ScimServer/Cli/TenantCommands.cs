using System.CommandLine;
using System.Globalization;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Cli;

/// <summary><c>tenants create | list | disable | enable | delete</c>.</summary>
internal static class TenantCommands
{
    public static Command Create() => new("tenants", "Tenants: each has its own users, groups and tokens.")
    {
        CreateTenant(),
        ListTenants(),
        ChangeTenant("disable", "Refuses the tenant's tokens until it is enabled again. Running servers do within five seconds.", "Disabled", (tenants, name, stop) => tenants.DisableAsync(name, stop)),
        ChangeTenant("enable", "Accepts the tokens of a disabled tenant again.", "Enabled", (tenants, name, stop) => tenants.EnableAsync(name, stop)),
        DeleteTenant(),
    };

    private static Command CreateTenant()
    {
        var name = new Argument<string>("name") { Description = "The tenant's name." };
        var command = new Command("create", "Creates a tenant.") { name };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var tenant = await services.GetRequiredService<Tenants>().CreateAsync(parsed.GetRequiredValue(name), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"Created the tenant \"{tenant.Name}\". Make a token for it: {CommandLine.Invocation} tokens create --tenant \"{tenant.Name}\" --name <name>");
        }));
        return command;
    }

    private static Command ListTenants()
    {
        var command = new Command("list", "Lists the tenants.");
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var tenants = await services.GetRequiredService<Tenants>().ListAsync(cancellationToken);
            await Table.WriteAsync(
                parsed.InvocationConfiguration.Output,
                ["ID", "NAME", "CREATED", "STATE"],
                tenants.Select(tenant => (string[])[tenant.Id.ToString(CultureInfo.InvariantCulture), tenant.Name, Table.Time(tenant.Created), State(tenant)]));
        }));
        return command;
    }

    private static Command ChangeTenant(string verb, string description, string done, Func<Tenants, string, CancellationToken, Task> change)
    {
        var name = new Argument<string>("name") { Description = "The tenant's name." };
        var command = new Command(verb, description) { name };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var tenant = parsed.GetRequiredValue(name);
            await change(services.GetRequiredService<Tenants>(), tenant, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{done} the tenant \"{tenant}\".");
        }));
        return command;
    }

    private static Command DeleteTenant()
    {
        var name = new Argument<string>("name") { Description = "The tenant's name." };
        var yes = new Option<bool>("--yes") { Description = "Really. What is deleted cannot be brought back." };
        var command = new Command("delete", "Deletes a tenant with all of its users, groups, tokens and records. When interrupted, it can be run again.") { name, yes };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(yes))
            {
                result.AddError("This deletes all users, groups, tokens and records of the tenant for ever. Add --yes when that is meant.");
            }
        });
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var tenant = parsed.GetRequiredValue(name);
            var progress = new DeletionProgress(parsed.InvocationConfiguration.Output);
            await progress.RunAsync("Deleting", () => services.GetRequiredService<TenantDeletion>().RunAsync(tenant, progress, cancellationToken));
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Deleted the tenant \"{tenant}\".");
        }));
        return command;
    }

    private static string State(Tenant tenant) => tenant switch
    {
        { DeletingSince: { } at } => $"being deleted since {Table.Time(at)}",
        { DisabledAt: { } at } => $"disabled {Table.Time(at)}",
        _ => "enabled",
    };
}
