using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Errors;

public sealed class PatchIndexTests
{
    /// <summary>The unique index refuses at the end, but an administrator wants to know which operation it was.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task The_operation_that_takes_a_used_userName_is_named(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync("taken@example.com");
        var user = await scim.CreateUserAsync("free@example.com");

        var answer = await scim.PatchAsync(
            $"/Users/{user["id"]}",
            """{"op":"replace","path":"title","value":"T"},{"op":"replace","path":"userName","value":"TAKEN@example.com"},{"op":"add","path":"nickName","value":"N"}""");

        Assert.StartsWith("Operations[1]: There is already a User", answer.ExpectError(409, "uniqueness"), StringComparison.Ordinal);
        Assert.Null((await scim.GetAsync($"/Users/{user["id"]}")).Object["title"]);
    }
}
