using System.CommandLine;
using System.Globalization;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Startup;

namespace ScimServer.Cli;

/// <summary><c>tenants create | list</c>.</summary>
internal static class TenantCommands
{
    public static Command Create() => new("tenants", "Tenants: each has its own users, groups and tokens.")
    {
        CreateTenant(),
        ListTenants(),
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
            return ExitCodes.Success;
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
                ["ID", "NAME", "CREATED"],
                tenants.Select(tenant => (string[])[tenant.Id.ToString(CultureInfo.InvariantCulture), tenant.Name, Table.Time(tenant.Created)]));
            return ExitCodes.Success;
        }));
        return command;
    }
}
