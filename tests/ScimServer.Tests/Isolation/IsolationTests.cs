using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using ScimServer.Http;
using ScimServer.Tests.CustomSchemas;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Isolation;

/// <summary>Two tenants see nothing of each other (pains 23), on every endpoint that the route table has.</summary>
public sealed class IsolationTests
{
    private const string Ent = ScimClient.Enterprise;

    [SkippableTheory]
    [EachDatabase(false)]
    [EachDatabase(true)]
    public async Task No_endpoint_shows_or_changes_what_belongs_to_another_tenant(Database database, bool hasCustomTypes)
    {
        var server = await (hasCustomTypes ? CustomServer.GetAsync(database) : TestServers.GetAsync(database));
        var mine = await TestServers.NewTenantAsync(server);
        var theirs = await TestServers.NewTenantAsync(server);
        var secret = await Secret.CreateAsync(theirs);
        await mine.CreateUserAsync("mine");
        var before = await secret.SnapshotAsync();
        var tried = 0;

        foreach (var (method, pattern) in Routes(mine.Server))
        {
            foreach (var id in secret.Ids)
            {
                var hasId = pattern.Contains("{id}", StringComparison.Ordinal);
                var path = pattern.Replace("{id}", id, StringComparison.Ordinal);
                var body = Body(method, pattern, id);
                var answer = await mine.SendAsync(new HttpMethod(method), path, body);
                tried++;

                // A bulk answers with the addresses that it was sent.
                var sent = pattern == "/Bulk" ? body! : path;
                Assert.All(secret.Words.Where(word => !sent.Contains(word, StringComparison.Ordinal)), word => Assert.DoesNotContain(word, answer.Text, StringComparison.Ordinal));
                Assert.True(pattern != "/Bulk" || answer.Object["Operations"]!.AsArray().All(operation => (string?)operation!["status"] == "404"), answer.Text);
                Assert.True(!hasId || answer.Status == 404, $"{method} {path} answered {answer.Status}: {answer.Text}");
            }
        }

        Assert.True(tried > (hasCustomTypes ? 200 : 40), $"Only {tried} requests: is the route table read?");
        Assert.Equal(before, await secret.SnapshotAsync());
    }

    [SkippableTheory]
    [EachDatabase(false)]
    [EachDatabase(true)]
    public async Task Every_endpoint_below_the_base_needs_a_token_but_discovery(Database database, bool hasCustomTypes)
    {
        var scim = await (hasCustomTypes ? CustomServer.NewTenantAsync(database) : TestServers.NewTenantAsync(database));

        foreach (var (method, pattern) in Routes(scim.Server))
        {
            var path = pattern.Replace("{id}", "x", StringComparison.Ordinal);
            var isDiscovery = new[] { "/ServiceProviderConfig", "/ResourceTypes", "/Schemas" }.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal));
            var answer = await scim.WithToken(null).SendAsync(new HttpMethod(method), path, Body(method, pattern, "x"));

            Assert.True(isDiscovery == (answer.Status != 401), $"{method} {path} answered {answer.Status}");
        }
    }

    /// <summary>Each filter finds something in the tenant that has it, and nothing in the other.</summary>
    [SkippableTheory]
    [EachDatabase("/Users", "id eq \"<user>\"")]
    [EachDatabase("/Users", "userName eq \"hidden-user\"")]
    [EachDatabase("/Users", "userName sw \"hidden\"")]
    [EachDatabase("/Users", "title co \"idden\"")]
    [EachDatabase("/Users", "externalId eq \"hidden-external\"")]
    [EachDatabase("/Users", "emails[type eq \"work\" and value eq \"hidden@example.com\"]")]
    [EachDatabase("/Users", "not (userName eq \"x\")")]
    [EachDatabase("/Users", "userName ne \"x\"")]
    [EachDatabase("/Users", "title pr or active eq true")]
    [EachDatabase("/Users", "groups.value eq \"<group>\"")]
    [EachDatabase("/Users", "groups pr")]
    [EachDatabase("/Users", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq \"<boss>\"")]
    [EachDatabase("/Users", "meta.created gt \"2000-01-01T00:00:00Z\"")]
    [EachDatabase("/Groups", "displayName eq \"hidden-group\"")]
    [EachDatabase("/Groups", "members eq \"<user>\"")]
    [EachDatabase("/Groups", "members pr")]
    [EachDatabase("/Groups", "not (displayName eq \"x\")")]
    public async Task Filters_find_nothing_of_another_tenant(Database database, string path, string filter)
    {
        var mine = await TestServers.NewTenantAsync(database);
        var theirs = await TestServers.NewTenantAsync(database);
        var secret = await Secret.CreateAsync(theirs);
        filter = filter.Replace("<user>", secret.User, StringComparison.Ordinal).Replace("<group>", secret.Group, StringComparison.Ordinal).Replace("<boss>", secret.Boss, StringComparison.Ordinal);

        Assert.NotEmpty((await theirs.FindAsync(path, filter)).Expect(200).Ids);
        JsonAssert.Has("""{"totalResults":0,"Resources":[]}""", (await mine.FindAsync(path, filter)).Expect(200).Object);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task References_to_another_tenants_resources_resolve_to_nothing(Database database)
    {
        var mine = await TestServers.NewTenantAsync(database);
        var theirs = await TestServers.NewTenantAsync(database);
        var secret = await Secret.CreateAsync(theirs);
        var group = await mine.CreateGroupIdAsync();

        foreach (var id in secret.Ids)
        {
            (await mine.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{id}}"}]}""")).ExpectError(400, "invalidValue");
            (await mine.PostAsync("/Groups", $$"""{"displayName":"g","members":[{"value":"{{id}}"}]}""")).ExpectError(400, "invalidValue");
        }

        var user = await mine.CreateUserAsync(more: $$$""" "{{{Ent}}}":{"manager":{"value":"{{{secret.Boss}}}"}} """);
        JsonAssert.Equal($$$"""{"manager":{"value":"{{{secret.Boss}}}"}}""", user[Ent]);
        (await theirs.DeleteAsync($"/Users/{secret.Boss}")).Expect(204);
        Assert.Equal("W/\"1\"", (await mine.GetAsync($"/Users/{user["id"]}")).ETag);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Names_and_external_ids_may_be_the_same_in_two_tenants_and_totals_are_each_ones_own(Database database)
    {
        ScimClient[] tenants = [await TestServers.NewTenantAsync(database), await TestServers.NewTenantAsync(database)];
        foreach (var scim in tenants)
        {
            await scim.CreateUserAsync("same", """ "externalId":"same" """);
            await scim.CreateGroupAsync("same");
        }

        await tenants[0].CreateUserAsync();
        Assert.Equal(2, (int)(await tenants[0].GetAsync("/Users")).Object["totalResults"]!);
        Assert.Equal(1, (int)(await tenants[1].GetAsync("/Users")).Object["totalResults"]!);
        Assert.Equal(1, (int)(await tenants[1].GetAsync("/Groups")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_context_of_one_tenant_sees_no_row_of_another(Database database)
    {
        var mine = await TestServers.NewTenantAsync(database);
        await Secret.CreateAsync(await TestServers.NewTenantAsync(database));

        await using var context = mine.Server.Services.GetRequiredService<ScimDatabase>().Open(mine.Tenant.Id);

        Assert.Equal((0, 0, 0, 0), (await context.Resources.CountAsync(), await context.Memberships.CountAsync(), await context.Changes.CountAsync(), await context.ResourceCounts.CountAsync()));
    }

    private static IEnumerable<(string Method, string Pattern)> Routes(ScimServerFactory server) =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
        where pattern.StartsWith(ScimEndpoint.BasePath, StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET", "POST"]
        select (method, pattern[ScimEndpoint.BasePath.Length..]);

    private static string? Body(string method, string pattern, string id) => method switch
    {
        "GET" or "HEAD" or "DELETE" => null,
        "PATCH" => $$"""{"schemas":["{{ScimClient.PatchOp}}"],"Operations":[{"op":"replace","path":"displayName","value":"stolen"}]}""",
        "POST" when pattern.EndsWith(".search", StringComparison.Ordinal) => $$"""{"filter":"id eq \"{{id}}\" or displayName pr"}""",
        "POST" when pattern.EndsWith("/Bulk", StringComparison.Ordinal) => $$"""
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"DELETE","path":"/Users/{{id}}"},{"method":"DELETE","path":"/Groups/{{id}}"}]}
            """,
        _ => $$"""{"userName":"u-{{Guid.NewGuid():N}}","displayName":"d-{{Guid.NewGuid():N}}"}""",
    };

    /// <summary>What a tenant has that another must not see.</summary>
    private sealed record Secret(ScimClient Scim, string Boss, string User, string Group, string? Device)
    {
        public string[] Ids => [Boss, User, Group, .. Device is null ? (string[])[] : [Device]];

        public string[] Words => ["hidden", .. Ids];

        public static async Task<Secret> CreateAsync(ScimClient scim)
        {
            var boss = await scim.CreateUserIdAsync("hidden-boss", """ "displayName":"hidden boss" """);
            var user = await scim.CreateUserIdAsync("hidden-user", $$$"""
                "title":"hidden","externalId":"hidden-external","emails":[{"type":"work","value":"hidden@example.com"}],"{{{Ent}}}":{"manager":{"value":"{{{boss}}}"}}
                """);
            var device = await scim.PostAsync("/Devices", """{"active":true,"displayName":"hidden device"}""");
            return new Secret(scim, boss, user, await scim.CreateGroupIdAsync("hidden-group", user), device.Status == 201 ? (string)device.Object["id"]! : null);
        }

        /// <summary>Everything of the tenant, versions included, and the length of its change log.</summary>
        public async Task<string> SnapshotAsync()
        {
            await using var context = Scim.Server.Services.GetRequiredService<ScimDatabase>().Open(Scim.Tenant.Id);
            JsonNode users = (await Scim.GetAsync("/Users")).Object, groups = (await Scim.GetAsync("/Groups")).Object;
            var devices = Device is null ? "" : (await Scim.GetAsync("/Devices")).Text;
            return $"{users.ToJsonString()}\n{groups.ToJsonString()}\n{devices}\n{await context.Changes.CountAsync()}";
        }
    }
}
