using System.Diagnostics;
using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Admin;

public sealed class AdminTests
{
    [SkippableTheory, EachDatabase]
    public async Task A_tenant_is_created_used_disabled_enabled_and_deleted(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, new FastTime());
        var admin = await AdminClient.NewAsync(server);
        var name = $"t-{Guid.NewGuid():N}";

        var created = (await admin.PostAsync("/tenants", $$"""{"name":"{{name}}"}""")).Expect(201);
        var id = (int)created.Object["id"]!;
        Assert.Equal($"/admin/tenants/{id}", created.Header("Location"));
        Assert.Equal((name, "enabled"), ((string?)created.Object["name"], (string?)created.Object["state"]));
        Assert.Contains(name, (await admin.GetAsync("/tenants")).Expect(200).Text, StringComparison.Ordinal);
        AdminClient.ExpectProblem(await admin.PostAsync("/tenants", $$"""{"name":"{{name}}"}"""), 409, "name");

        var token = (await admin.PostAsync($"/tenants/{id}/tokens", """{"name":"okta","identityProvider":"okta"}""")).Expect(201).Object;
        var scim = new ScimClient(server, new(id, name, default), (string)token["secret"]!);
        await scim.CreateUserAsync();

        Assert.Equal("disabled", (string?)(await admin.PostAsync($"/tenants/{id}/disable")).Expect(200).Object["state"]);
        (await scim.GetAsync("/Users")).ExpectError(401);
        Assert.Equal("enabled", (string?)(await admin.PostAsync($"/tenants/{id}/enable")).Expect(200).Object["state"]);
        (await scim.GetAsync("/Users")).Expect(200);

        Assert.Equal("deleting", (string?)(await admin.SendAsync(HttpMethod.Delete, $"/tenants/{id}")).Expect(202).Object["state"]);
        (await scim.GetAsync("/Users")).ExpectError(401);
        AdminClient.ExpectProblem(await admin.PostAsync($"/tenants/{id}/enable"), 409);
        AdminClient.ExpectProblem(await admin.PostAsync($"/tenants/{id}/tokens", """{"name":"x"}"""), 409);
        var since = Stopwatch.StartNew();
        while ((await admin.GetAsync($"/tenants/{id}")).Status != 404)
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(60), "The tenant is still there.");
            await Task.Delay(200);
        }
    }

    [SkippableTheory]
    [EachDatabase("tokens", """{"name":"okta"}""")]
    [EachDatabase("clients", """{"name":"entra"}""")]
    [EachDatabase("webhooks", """{"url":"https://app.example.com/hook"}""")]
    public async Task An_answer_with_a_secret_is_stored_by_nobody_on_the_way(Database database, string what, string body)
    {
        var server = await TestServers.GetAsync(database);
        var (admin, scim) = (await AdminClient.NewAsync(server), await TestServers.NewTenantAsync(server));

        var made = (await admin.PostAsync($"/tenants/{scim.Tenant.Id}/{what}", body)).Expect(201);

        Assert.NotEmpty((string)made.Object["secret"]!);
        Assert.Equal("no-store", made.Header("Cache-Control"));
    }

    [SkippableTheory, EachDatabase]
    public async Task A_token_is_made_listed_rotated_expired_and_revoked_and_its_secret_shown_once(Database database)
    {
        var server = await TestServers.GetAsync(database);
        var (admin, scim) = (await AdminClient.NewAsync(server), await TestServers.NewTenantAsync(server));
        var path = $"/tenants/{scim.Tenant.Id}/tokens";

        var made = (await admin.PostAsync(path, """{"name":"report","scopes":["scim:read"],"identityProvider":"entra"}""")).Expect(201);
        Assert.Equal("no-store", made.Header("Cache-Control"));
        var (secret, id) = ((string)made.Object["secret"]!, (string)made.Object["token"]!["id"]!);
        JsonAssert.Has("""{"name":"report","scopes":["scim:read"],"identityProvider":"entra","state":"valid"}""", made.Object["token"]!.AsObject());
        (await scim.WithToken(secret).GetAsync("/Users")).Expect(200);

        var rotated = (await admin.PostAsync($"{path}/{id}/rotate", """{"overlapSeconds":0}""")).Expect(201).Object;
        var successor = (string)rotated["token"]!["id"]!;
        (await scim.WithToken(secret).GetAsync("/Users")).ExpectError(401);
        (await scim.WithToken((string)rotated["secret"]!).GetAsync("/Users")).Expect(200);
        AdminClient.ExpectProblem(await admin.PostAsync($"{path}/{id}/rotate"), 409);

        (await admin.SendAsync(HttpMethod.Put, $"{path}/{successor}/expiry", """{"expiresAt":"2099-01-01T00:00:00Z"}""")).Expect(200);
        (await admin.SendAsync(HttpMethod.Delete, $"{path}/{successor}")).Expect(204);
        (await scim.WithToken((string)rotated["secret"]!).GetAsync("/Users")).ExpectError(401);
        AdminClient.ExpectProblem(await admin.SendAsync(HttpMethod.Put, $"{path}/{successor}/expiry", """{"expiresAt":null}"""), 409);

        var listed = (await admin.GetAsync(path)).Expect(200);
        Assert.Equal(["test", "report", "report"], JsonNode.Parse(listed.Text)!.AsArray().Select(token => (string)token!["name"]!));
        Assert.DoesNotContain("secret", listed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, listed.Text, StringComparison.Ordinal);
    }

    [SkippableTheory, EachDatabase]
    public async Task The_end_of_a_token_is_lifted_by_an_explicit_null_and_not_by_a_forgotten_member(Database database)
    {
        var server = await TestServers.GetAsync(database);
        var (admin, scim) = (await AdminClient.NewAsync(server), await TestServers.NewTenantAsync(server));
        var path = $"/tenants/{scim.Tenant.Id}/tokens";
        var made = (await admin.PostAsync(path, """{"name":"report","expiresAt":"2099-01-01T00:00:00Z"}""")).Expect(201).Object;
        var expiry = $"{path}/{made["token"]!["id"]}/expiry";

        AdminClient.ExpectProblem(await admin.SendAsync(HttpMethod.Put, expiry, "{}"), 400, "expiresAt");
        AdminClient.ExpectProblem(await admin.SendAsync(HttpMethod.Put, expiry, """{"expiresAt":"never"}"""), 400, "expiresAt");
        var token = JsonNode.Parse((await admin.GetAsync(path)).Expect(200).Text)!.AsArray().Single(token => (string)token!["name"]! == "report")!;
        Assert.StartsWith("2099-01-01", (string)token["expiresAt"]!, StringComparison.Ordinal);

        Assert.Null((await admin.SendAsync(HttpMethod.Put, expiry, """{"expiresAt":null}""")).Expect(200).Object["expiresAt"]);
    }

    [SkippableTheory]
    [EachDatabase("POST", "/tenants", "{}", 400, "name")]
    [EachDatabase("POST", "/tenants", """{"name":"a\u0007b"}""", 400, "name")]
    [EachDatabase("POST", "/tenants", """{"name":5}""", 400, "name")]
    [EachDatabase("POST", "/tenants", "nonsense", 400, null)]
    [EachDatabase("POST", "/tenants", "[]", 400, null)]
    [EachDatabase("POST", "/tenants/<t>/tokens", """{"name":"x","scopes":["admin"]}""", 400, "scopes")]
    [EachDatabase("POST", "/tenants/<t>/tokens", """{"name":"x","scopes":[]}""", 400, "scopes")]
    [EachDatabase("POST", "/tenants/<t>/tokens", """{"name":"x","scopes":["scim:delete"]}""", 400, "scopes")]
    [EachDatabase("POST", "/tenants/<t>/tokens", """{"name":"x","identityProvider":"unheard-of"}""", 400, "identityProvider")]
    [EachDatabase("POST", "/tenants/<t>/tokens", """{"name":"x","expiresAt":"2001-01-01T00:00:00Z"}""", 400, "expiresAt")]
    [EachDatabase("POST", "/tenants/<t>/tokens", """{"name":"x","expiresAt":"soon"}""", 400, "expiresAt")]
    [EachDatabase("POST", "/tenants/<t>/tokens/00000000-0000-0000-0000-000000000000/rotate", "{}", 404, null)]
    [EachDatabase("DELETE", "/tenants/<t>/tokens/00000000-0000-0000-0000-000000000000", null, 404, null)]
    [EachDatabase("POST", "/tenants/2147483647/disable", "{}", 404, null)]
    [EachDatabase("GET", "/tenants/<t>/changes?resource=x", null, 400, "resource")]
    [EachDatabase("GET", "/tenants/<t>/changes?since=yesterday", null, 400, "since")]
    [EachDatabase("GET", "/tenants/<t>/changes?count=0", null, 400, "count")]
    [EachDatabase("GET", "/tenants/<t>/changes?cursor=-1", null, 400, "cursor")]
    public async Task What_cannot_be_taken_is_a_problem_that_names_the_field_and_changes_nothing(
        Database database, string method, string path, string? body, int status, string? field)
    {
        var server = await TestServers.GetAsync(database);
        var (admin, scim) = (await AdminClient.NewAsync(server), await TestServers.NewTenantAsync(server));

        AdminClient.ExpectProblem(await admin.SendAsync(new HttpMethod(method), path.Replace("<t>", $"{scim.Tenant.Id}", StringComparison.Ordinal), body), status, field);

        Assert.Single(JsonNode.Parse((await admin.GetAsync($"/tenants/{scim.Tenant.Id}/tokens")).Text)!.AsArray());
    }

    [SkippableTheory, EachDatabase]
    public async Task A_token_of_another_tenant_is_not_found_in_the_path_of_this_one(Database database)
    {
        var server = await TestServers.GetAsync(database);
        var (admin, mine, theirs) = (await AdminClient.NewAsync(server), await TestServers.NewTenantAsync(server), await TestServers.NewTenantAsync(server));
        var token = (string)JsonNode.Parse((await admin.GetAsync($"/tenants/{theirs.Tenant.Id}/tokens")).Text)![0]!["id"]!;

        AdminClient.ExpectProblem(await admin.SendAsync(HttpMethod.Delete, $"/tenants/{mine.Tenant.Id}/tokens/{token}"), 404);
        (await theirs.GetAsync("/Users")).Expect(200);
    }

    [SkippableTheory, EachDatabase]
    public async Task The_change_log_is_read_by_resource_member_actor_and_time_page_by_page(Database database)
    {
        var server = await TestServers.GetAsync(database);
        var (admin, scim) = (await AdminClient.NewAsync(server), await TestServers.NewTenantAsync(server));
        var path = $"/tenants/{scim.Tenant.Id}/changes";
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var user = await scim.CreateUserIdAsync("bjensen");
        var other = await scim.CreateUserIdAsync("other");
        var group = await scim.CreateGroupIdAsync("Staff", user);
        (await scim.PatchAsync("/Users/" + user, """{"op":"replace","path":"title","value":"Boss"}""")).Expect(200);
        (await scim.PatchAsync("/Groups/" + group, $$"""{"op":"remove","path":"members[value eq \"{{user}}\"]"}""")).Expect(204);

        Assert.Equal(["patch Group", "patch User", "create Group", "create User", "create User"], await KindsAsync(admin, path));
        Assert.Equal(["patch User", "create User"], await KindsAsync(admin, $"{path}?resource={user}"));
        Assert.Equal(["patch Group", "create Group"], await KindsAsync(admin, $"{path}?member={user}"));
        Assert.Empty(await KindsAsync(admin, $"{path}?member={other}"));
        Assert.Equal(5, (await KindsAsync(admin, $"{path}?actor=test&since={Uri.EscapeDataString(before.ToString("O"))}")).Count);
        Assert.Empty(await KindsAsync(admin, $"{path}?actor=nobody"));
        Assert.Empty(await KindsAsync(admin, $"{path}?until={Uri.EscapeDataString(before.ToString("O"))}"));

        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = (await admin.GetAsync($"{path}?count=2&cursor={cursor}")).Expect(200).Object;
            seen.AddRange(page["changes"]!.AsArray().Select(change => (string)change!["txn"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
        Assert.Equal((5, 5), (seen.Count, seen.Distinct().Count()));

        var change = (await admin.GetAsync($"{path}?resource={user}&count=1")).Expect(200).Object["changes"]![0]!;
        Assert.Equal(("test", 2, "title"), ((string?)change["actor"], (int)change["version"]!, (string?)change["delta"]!["attributes"]![0]));
        Assert.Empty(await KindsAsync(admin, $"/tenants/{(await TestServers.NewTenantAsync(server)).Tenant.Id}/changes?resource={user}"));
    }

    [SkippableTheory, EachDatabase]
    public async Task What_operators_do_is_written_down_with_their_names_and_no_secret(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database);
        var admin = await AdminClient.NewAsync(server, "alice");
        var tenant = (int)(await admin.PostAsync("/tenants", """{"name":"acme"}""")).Expect(201).Object["id"]!;
        var made = (await admin.PostAsync($"/tenants/{tenant}/tokens", """{"name":"okta"}""")).Expect(201).Object;
        (await admin.PostAsync($"/tenants/{tenant}/tokens/{made["token"]!["id"]}/rotate")).Expect(201);
        (await admin.SendAsync(HttpMethod.Delete, $"/tenants/{tenant}/tokens/{made["token"]!["id"]}")).Expect(204);
        (await admin.PostAsync($"/tenants/{tenant}/disable")).Expect(200);
        AdminClient.ExpectProblem(await admin.PostAsync("/tenants", """{"name":"acme"}"""), 409, "name");

        var log = (await admin.GetAsync("/actions?count=5")).Expect(200);

        var actions = log.Object["actions"]!.AsArray();
        Assert.Equal(["tenant.disable", "token.revoke", "token.rotate", "token.create", "tenant.create"], actions.Select(action => (string)action!["action"]!));
        Assert.All(actions, action => Assert.Equal(("alice", "acme"), ((string?)action!["actor"], (string?)action["tenant"])));
        Assert.Equal((string?)made["token"]!["id"], (string?)actions[1]!["tokenId"]);
        Assert.DoesNotContain((string)made["secret"]!, log.Text, StringComparison.Ordinal);
        var rest = (await admin.GetAsync($"/actions?cursor={log.Object["nextCursor"]}")).Expect(200).Object["actions"]!.AsArray();
        Assert.All(rest, action => Assert.Equal("server", (string?)action!["actor"]));
        Assert.NotEmpty(rest);
    }

    private static async Task<List<string>> KindsAsync(AdminClient admin, string path) =>
        [.. (await admin.GetAsync(path)).Expect(200).Object["changes"]!.AsArray().Select(change => $"{change!["kind"]} {change["resourceType"]}")];
}
