using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.Webhooks;

namespace ScimServer.Tests.Observability;

/// <summary>Runs after all other tests (<see cref="TestRun"/>), and looks at what they left in the log.</summary>
public sealed class RunLogTests
{
    [SkippableTheory, EachDatabase]
    public async Task No_log_line_of_the_whole_run_holds_a_secret_or_a_personal_value_that_the_run_used(Database database)
    {
        // Beside what all others did, so that the test says something when it runs alone.
        var scim = await TestServers.NewTenantAsync(database);
        var name = $"leak-{Guid.NewGuid():N}@example.com";
        await scim.CreateUserIdAsync(name, """ "password":"Sesame-open-4711" """);
        (await scim.FindAsync("/Users", $"userName eq \"{name}\"")).Expect(200);
        (await scim.PostAsync("/Users", $$"""{"userName":"{{name}}"}""")).ExpectError(409, "uniqueness");
        (await scim.GetAsync($"/Users/{name}")).ExpectError(404);

        var values = UsedValues.Snapshot();
        Assert.All((string[])[name, scim.Token!, "Sesame-open-4711"], value => Assert.Contains(value, values));
        await WebhookWorld.Until(() => RunLog.Leaks([scim.Tenant.Name]).Count >= 4, "the log lines of the requests");
        var leaks = RunLog.Leaks(values);
        var first = leaks.GroupBy(leak => leak.Value, StringComparer.OrdinalIgnoreCase).Select(leak => $"{leak.Count()} times {leak.Key}, first in: {leak.First().Line}");
        Assert.True(leaks.Count == 0, $"{leaks.Count} of {RunLog.Lines} lines hold one of {values.Count} values that must not be logged:\n{string.Join('\n', first)}");
    }
}
