using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Authentication;

public class ScopeTests
{
    [SkippableTheory, EachDatabase]
    public async Task A_token_that_may_only_read_reads_and_writes_nothing(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = (string)(await scim.CreateUserAsync())["id"]!;
        var reader = await WithScopesAsync(scim, AccessScopes.ScimRead);

        (await reader.GetAsync("/Users")).Expect(200);
        (await reader.GetAsync("/Users/" + id)).Expect(200);
        (await reader.GetAsync("/")).Expect(200);
        (await reader.SendAsync(HttpMethod.Head, "/Users/" + id)).Expect(200);
        (await reader.PostAsync("/Users/.search", Search)).Expect(200);
        (await reader.PostAsync("/.search", Search)).Expect(200);

        ScimResponse[] refused =
        [
            await reader.PostAsync("/Users", NewUser),
            await reader.PutAsync("/Users/" + id, NewUser),
            await reader.PatchAsync("/Users/" + id, """{"op":"replace","path":"active","value":false}"""),
            await reader.DeleteAsync("/Users/" + id),
            await reader.PostAsync("/Bulk", "{}"),
        ];
        Assert.All(refused, answer => ExpectInsufficient(answer, "scim:write"));
        var user = Assert.Single((await scim.GetAsync("/Users")).Expect(200).Resources);
        Assert.True((bool)user!["active"]!);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_token_that_may_only_write_reads_nothing(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var writer = await WithScopesAsync(scim, AccessScopes.ScimWrite);

        var id = (string)(await writer.PostAsync("/Users", NewUser)).Expect(201).Object["id"]!;
        ExpectInsufficient(await writer.GetAsync("/Users"), "scim:read");
        ExpectInsufficient(await writer.GetAsync("/Users/" + id), "scim:read");
        ExpectInsufficient(await writer.PostAsync("/Users/.search", Search), "scim:read");
        (await writer.DeleteAsync("/Users/" + id)).Expect(204);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_token_for_events_and_the_operators_do_nothing_with_resources(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var tokens = scim.Server.Services.GetRequiredService<AccessTokens>();
        var admin = scim.WithToken((await tokens.CreateForOperatorAsync("operator", null, default)).Secret);

        foreach (var client in (ScimClient[])[await WithScopesAsync(scim, AccessScopes.Events), admin])
        {
            ExpectInsufficient(await client.GetAsync("/Users"), "scim:read");
            ExpectInsufficient(await client.PostAsync("/Users", NewUser), "scim:write");
            ExpectInsufficient(await client.PostAsync("/Bulk", "{}"), "scim:write");
        }
    }

    [SkippableTheory, EachDatabase]
    public async Task A_tenants_token_never_administers(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var tokens = scim.Server.Services.GetRequiredService<AccessTokens>();
        foreach (var scopes in (AccessScopes[])[AccessScopes.Admin, AccessScopes.Admin | AccessScopes.ScimRead, AccessScopes.None])
        {
            await Assert.ThrowsAsync<AccessException>(() => tokens.CreateAsync(scim.Tenant.Name, new NewToken("x") { Scopes = scopes }, default));
        }

        // Not even when somebody writes it into the row.
        var reader = await tokens.CreateAsync(scim.Tenant.Name, new NewToken("x") { Scopes = AccessScopes.ScimRead }, default);
        await using (var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id))
        {
            await context.AccessTokens.Where(row => row.Id == reader.Token.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Scopes, AccessScopes.Admin | AccessScopes.ScimRead));
        }

        var found = await scim.Server.Services.GetRequiredService<AcceptedTokens>().FindAsync(reader.Secret, default);
        Assert.Equal((AccessScopes.ScimRead, scim.Tenant.Id), (found!.Scopes, found.TenantId));
    }

    [SkippableTheory, EachDatabase]
    public async Task An_unnamed_token_reads_and_writes(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var listed = Assert.Single(await scim.Server.Services.GetRequiredService<AccessTokens>().ListAsync(scim.Tenant.Name, default));
        Assert.Equal(AccessScopes.ScimRead | AccessScopes.ScimWrite, listed.Scopes);
        Assert.Equal("scim:read scim:write", AccessScopeNames.Format(listed.Scopes));
    }

    [SkippableTheory, EachDatabase]
    public async Task An_endpoint_that_there_is_not_is_404_whatever_the_scope(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        (await (await WithScopesAsync(scim, AccessScopes.Events)).GetAsync("/Usres")).ExpectError(404);
    }

    private const string Search = """{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}""";

    private static string NewUser => $$"""{"schemas":["{{ScimClient.User}}"],"userName":"{{Guid.NewGuid():N}}"}""";

    private static async Task<ScimClient> WithScopesAsync(ScimClient scim, AccessScopes scopes)
    {
        var issued = await scim.Server.Services.GetRequiredService<AccessTokens>().CreateAsync(scim.Tenant.Name, new NewToken("scoped") { Scopes = scopes }, default);
        return scim.WithToken(issued.Secret);
    }

    /// <summary>RFC 6750 §3.1.</summary>
    private static void ExpectInsufficient(ScimResponse answer, string scope)
    {
        Assert.Contains($"\"{scope}\"", answer.ExpectError(403), StringComparison.Ordinal);
        Assert.Equal(
            $"Bearer realm=\"scim\", error=\"insufficient_scope\", error_description=\"The access token does not allow this request\", scope=\"{scope}\"",
            answer.Header("WWW-Authenticate"));
    }
}
