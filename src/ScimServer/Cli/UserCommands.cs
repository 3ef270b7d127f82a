using System.CommandLine;
using System.Globalization;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Erasure;
using Scim.EntityFrameworkCore.Provisioning;
using Spectre.Console;

namespace ScimServer.Cli;

/// <summary><c>users erase</c>.</summary>
internal static class UserCommands
{
    public static Command Create() => new("users", "Persons.") { Erase() };

    private static Command Erase()
    {
        var tenant = TenantOption.Create();
        var id = new Option<Guid?>("--id") { Description = "The id of the user; it also finds who was deleted before." };
        var userName = new Option<string?>("--user-name") { Description = "The userName of the user, in any case." };
        var externalId = new Option<string?>("--external-id") { Description = "The id that the identity provider gave the user." };
        var yes = new Option<bool>("--yes") { Description = "Really. What is erased cannot be brought back." };
        var command = new Command("erase", "Removes a person from users, change records and the provisioning log. When interrupted, it can be run again, by id.") { tenant, id, userName, externalId, yes };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(yes))
            {
                result.AddError("This removes the person and all values in the records for ever. Add --yes when that is meant.");
            }
            else if (((object?[])[result.GetValue(id), result.GetValue(userName), result.GetValue(externalId)]).Count(given => given is not null) != 1)
            {
                result.AddError("Give one of --id, --user-name and --external-id.");
            }
        });
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var found = await services.GetRequiredService<Tenants>().GetAsync(parsed.GetRequiredValue(tenant), cancellationToken);
            var erasure = services.GetRequiredService<PersonErasure>();
            var name = new PersonName { Id = parsed.GetValue(id), UserName = parsed.GetValue(userName), ExternalId = parsed.GetValue(externalId) };
            var person = await erasure.FindAsync(found.Id, name, cancellationToken);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"Erasing {person}");
            var txn = RequestReference.Create(services.GetRequiredService<TimeProvider>().GetUtcNow());
            var erased = await RunAsync(output, () => erasure.RunAsync(found, person, txn, cancellationToken));
            await Table.WriteAsync(output, ["REMOVED", "COUNT"], Rows(erased));
            await output.WriteLineAsync(erased.IsAny ? $"Erased {person}." : $"There was nothing left of {person}.");
        }));
        return command;
    }

    private static async Task<Erased> RunAsync(TextWriter output, Func<Task<Erased>> erase) =>
        Terminal.Of(output) is { } terminal ? await terminal.Status().StartAsync("Erasing", _ => erase()) : await erase();

    private static string[][] Rows(Erased erased) =>
    [
        Row("resources", erased.Resources),
        Row("memberships", erased.Memberships),
        Row("references to it", erased.References),
        Row("changes of it, their values", erased.Changes),
        Row("changes of groups, its externalId", erased.GroupChanges),
        Row("failed requests, what was kept of them", erased.Requests),
        Row("errors of streams, their description", erased.StreamErrors),
    ];

    private static string[] Row(string what, int count) => [what, count.ToString(CultureInfo.InvariantCulture)];
}
