using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.Bulk.BulkClient;

namespace ScimServer.Tests.Bulk;

/// <summary>RFC 7644 §3.7: many operations in one request.</summary>
public sealed class BulkTests
{
    private const string Nobody = "0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f";

    [SkippableTheory]
    [EachDatabase]
    public async Task Every_method_works_on_users_and_groups(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(3);
        var group = await scim.CreateGroupIdAsync("G", ids[0]);

        var results = await scim.BulkAsync(
            PostUser("u", "new@example.com"),
            Put($"/Users/{ids[0]}", """{"userName":"put@example.com","title":"T"}""", ""","version":"W/\"1\"" """),
            Patch($"/Users/{ids[1]}", """{"op":"Replace","path":"active","value":"False"}"""),
            Delete($"/Users/{ids[2]}"),
            Patch($"/Groups/{group}", AddMember(ids[1])),
            PostGroup("g", "H", ids[1]));

        Assert.Equal(["201", "200", "200", "204", "204", "201"], results.Statuses());
        Assert.Equal(["POST", "PUT", "PATCH", "DELETE", "PATCH", "POST"], results.Select(result => (string)result["method"]!));
        Assert.Equal(["W/\"1\"", "W/\"2\"", "W/\"2\"", null, "W/\"2\"", "W/\"1\""], results.Select(result => (string?)result["version"]));
        Assert.Equal([$"{scim.BaseUrl}/Users/{ids[0]}", $"{scim.BaseUrl}/Users/{ids[1]}", $"{scim.BaseUrl}/Users/{ids[2]}"], results[1..4].Select(result => (string)result["location"]!));
        Assert.All(results, result => Assert.False(result.ContainsKey("response")));
        Assert.Equal("T", (string?)(await scim.GetAsync($"/Users/{ids[0]}")).Object["title"]);
        Assert.False((bool)(await scim.GetAsync($"/Users/{ids[1]}")).Object["active"]!);
        (await scim.GetAsync($"/Users/{ids[2]}")).ExpectError(404);
        Assert.Equal(ids[..2].Sorted(), await scim.MembersAsync(group));
        Assert.Equal([ids[1]], await scim.MembersAsync(results[5].Id()));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_2_references_may_point_forward_in_values_paths_and_filters(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var results = await scim.BulkAsync(
            PostGroup("g", "Tour Guides", "bulkId:alice", "bulkId:bob"),
            Patch("/Groups/bulkId:g", """{"op":"remove","path":"members[value eq \"bulkId:bob\"]"}""" + "," + AddMember("bulkId:carol")),
            PostUser("bob", "Bob", Manager("bulkId:alice")),
            PostUser("alice", "Alice"),
            PostUser("carol", "Carol"),
            Put("/Users/bulkId:carol", """{"userName":"Carol","title":"T"}"""));

        Assert.Equal(["201", "204", "201", "201", "201", "200"], results.Statuses());
        Assert.Equal(["g", null, "bob", "alice", "carol", null], results.Select(result => (string?)result["bulkId"]));
        Assert.Equal(new[] { results[3].Id(), results[4].Id() }.Sorted(), await scim.MembersAsync(results[0].Id()));
        Assert.Equal(results[0].Id(), results[1].Id());
        var bob = (await scim.GetAsync($"/Users/{results[2].Id()}")).Object;
        Assert.Equal(results[3].Id(), (string?)bob[ScimClient.Enterprise]!["manager"]!["value"]);
        Assert.Equal("T", (string?)(await scim.GetAsync($"/Users/{results[4].Id()}")).Object["title"]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_1_circles_between_groups_and_between_managers_are_resolved(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var results = await scim.BulkAsync(
            PostGroup("a", "A", "bulkId:b", "bulkId:x"),
            PostGroup("b", "B", "bulkId:c"),
            PostGroup("c", "C", "bulkId:a", "bulkId:b"),
            PostUser("x", "x", Manager("bulkId:y")),
            PostUser("y", "y", Manager("bulkId:x")));

        Assert.Equal(["201", "201", "201", "201", "201"], results.Statuses());
        var (a, b, c, x, y) = (results[0].Id(), results[1].Id(), results[2].Id(), results[3].Id(), results[4].Id());
        Assert.Equal(new[] { b, x }.Sorted(), await scim.MembersAsync(a));
        Assert.Equal([c], await scim.MembersAsync(b));
        Assert.Equal(new[] { a, b }.Sorted(), await scim.MembersAsync(c));
        foreach (var (result, manager) in new[] { (results[3], y), (results[4], x) })
        {
            var user = (await scim.GetAsync($"/Users/{result.Id()}")).Object;
            Assert.Equal(manager, (string?)user[ScimClient.Enterprise]!["manager"]!["value"]);
            Assert.Equal((string?)user["meta"]!["version"], (string?)result["version"]);
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_circle_with_a_failing_part_leaves_nothing(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync("taken");

        var results = await scim.BulkAsync(PostUser("x", "taken", Manager("bulkId:y")), PostUser("y", "y", Manager("bulkId:x")), PostUser("z", "z"));

        Assert.Equal(["409", "409", "201"], results.Statuses());
        Assert.Equal("uniqueness", (string?)results[0]["response"]!["scimType"]);
        Assert.Contains("Operations[0]", results[1].Detail(), StringComparison.Ordinal);
        Assert.All(results[..2], result => Assert.False(result.ContainsKey("location") || result.ContainsKey("version")));
        Assert.Equal(["taken", "z"], (await scim.GetAsync("/Users")).Resources.Select(user => (string)user!["userName"]!).Order());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_bulk_with_an_empty_schemas_is_refused_as_one_without(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var operations = $"\"Operations\":[{PostUser("u", "u")}]";
        var without = await scim.PostAsync("/Bulk", $"{{{operations}}}");
        var empty = await scim.PostAsync("/Bulk", $"{{\"schemas\":[],{operations}}}");
        without.ExpectError(400, "invalidSyntax");
        empty.ExpectError(400, "invalidSyntax");
        Assert.Equal(without.TextWithoutReference, empty.TextWithoutReference);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task What_is_wrong_with_an_operation_of_a_PATCH_is_named_by_its_place_in_the_bulk(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();
        await scim.CreateUserAsync("taken");
        var group = await scim.CreateGroupIdAsync("G", id);

        var results = await scim.BulkAsync(
            Delete($"/Users/{Nobody}"),
            Patch($"/Users/{id}", """{"op":"replace","path":"title","value":"T"},{"op":"replace","path":"active","value":"perhaps"}"""),
            Patch($"/Users/{id}", """{"op":"copy","path":"title","value":"T"}"""),
            Patch($"/Users/{id}", """{"op":"replace","path":"userName","value":"taken"}"""),
            Patch($"/Groups/{group}", AddMember(id) + "," + AddMember(Nobody)));

        Assert.Equal(["404", "400", "400", "409", "400"], results.Statuses());
        Assert.StartsWith("Operations[1].data.Operations[1]: active must be true or false", results[1].Detail(), StringComparison.Ordinal);
        Assert.StartsWith("Operations[2].data.Operations[0]: op must be", results[2].Detail(), StringComparison.Ordinal);
        Assert.StartsWith("Operations[3].data.Operations[0]: ", results[3].Detail(), StringComparison.Ordinal);
        Assert.StartsWith("Operations[4].data.Operations[1]: No such member", results[4].Detail(), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task One_bad_operation_harms_only_those_that_refer_to_it(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync("taken");

        var results = await scim.BulkAsync(
            "7",
            $$"""{"method":"GET","path":"/Users/{{user}}"}""",
            """{"method":"POST","path":"/Robots","bulkId":"r","data":{}}""",
            PostUser("t", "TAKEN"),
            PostGroup("g", "needs the user", "bulkId:t"),
            PostGroup("h", "needs nobody's", "bulkId:nope"),
            PostGroup("i", "needs no resource", Nobody),
            Patch($"/Users/{user}", """{"op":"replace","path":"shoeSize","value":1}"""),
            Patch($"/Users/{user}", """{"op":"replace","path":"title","value":"T"}""", ""","version":"W/\"9\"" """),
            Delete($"/Groups/{Nobody}", ""","bulkId":"d" """),
            """{"method":"POST","path":"/Users","bulkId":"n","data":{"title":"no name"}}""",
            PostUser("ok", "ok"));

        Assert.Equal(["400", "400", "404", "409", "409", "400", "400", "400", "412", "404", "400", "201"], results.Statuses());
        Assert.All(results[..^1], result =>
        {
            Assert.Equal((string?)result["status"], (string?)result["response"]!["status"]);
            Assert.Equal("""["urn:ietf:params:scim:api:messages:2.0:Error"]""", result["response"]!["schemas"]!.ToJsonString());
        });
        Assert.Equal("\"bulkId:t\" stands for no resource: its POST, Operations[3], failed with 409.", results[4].Detail());
        Assert.Equal("\"bulkId:nope\" is the bulkId of no POST in this bulk.", results[5].Detail());
        Assert.Equal("invalidPath", (string?)results[7]["response"]!["scimType"]);
        Assert.Equal(($"{scim.BaseUrl}/Groups/{Nobody}", "DELETE", "d"), ((string?)results[9]["location"], (string?)results[9]["method"], (string?)results[9]["bulkId"]));
        Assert.Equal(2, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
        Assert.Equal(0, (int)(await scim.GetAsync("/Groups")).Object["totalResults"]!);
    }

    /// <summary>RFC 7644 §3.7.3: the answer says of every operation what it was; where is left out only of a POST that failed, and of what names no resource.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task An_operation_that_cannot_be_read_is_answered_with_what_was_sent_of_it(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var (at, there) = ($"\"path\":\"/Users/{user}\"", $"{scim.BaseUrl}/Users/{user}");
        (string Operation, string? Method, string? BulkId, string? Location, string Status)[] cases =
        [
            ($$"""{"method":"GET","bulkId":"a",{{at}}}""", "GET", "a", there, "400"),
            ($$"""{"method":"Fetch \"it\" — please",{{at}}}""", "Fetch \"it\" — please", null, there, "400"),
            ("""{"method":"","path":"/Users"}""", "", null, null, "400"),
            ($$"""{"bulkId":"b",{{at}} }""", null, "b", there, "400"),
            ($$"""{"method":7,"bulkId":"c",{{at}} }""", null, "c", there, "400"),
            ("""{"method":"COPY","path":"/Robots/1"}""", "COPY", null, null, "400"),
            ("""{"method":"COPY","path":"/Users/bulkId:x"}""", "COPY", null, null, "400"),
            ("""{"method":"COPY","path":["/Users"]}""", "COPY", null, null, "400"),
            ($$"""{"method":"put","bulkId":7,{{at}},"data":{} }""", "PUT", null, there, "400"),
            ($$"""{"method":"PUT","bulkId":"d",{{at}},"version":1,"data":{} }""", "PUT", "d", there, "400"),
            ($$"""{"method":"PATCH","bulkId":"e",{{at}} }""", "PATCH", "e", there, "400"),
            ("""{"method":"DELETE","path":"/Users"}""", "DELETE", null, null, "405"),
            ("""{"method":"post","path":"/Users","data":{}}""", "POST", null, null, "400"),
            ($$"""{"method":"POST","bulkId":7,{{at}},"data":{} }""", "POST", null, null, "400"),
        ];

        var results = await scim.BulkAsync([.. cases.Select(one => one.Operation)]);

        Assert.All(results.Zip(cases), pair =>
        {
            var (result, expected) = pair;
            Assert.Equal(
                (expected.Method, expected.BulkId, expected.Location, expected.Status, expected.Status),
                ((string?)result["method"], (string?)result["bulkId"], (string?)result["location"], (string?)result["status"], (string?)result["response"]!["status"]));
            Assert.NotEmpty((string)result["response"]!["detail"]!);
        });
        Assert.Equal(cases.Length, results.Length);
    }

    [SkippableTheory]
    [EachDatabase(1, 3)]
    [EachDatabase(2, 5)]
    [EachDatabase(null, 6)]
    public async Task FailOnErrors_ends_the_bulk(Database database, int? failOnErrors, int answered)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var results = await scim.BulkAsync(
            string.Join(',', PostUser("a", "a"), PostUser("b", "b"), PostUser("c", "A"), PostUser("d", "d"), PostUser("e", "B"), PostUser("f", "f")), failOnErrors);

        Assert.Equal(((string[])["201", "201", "409", "201", "409", "201"])[..answered], results.Statuses());
        Assert.Equal(results.Statuses().Count(status => status == "201"), (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task An_end_within_a_circle_takes_back_what_is_half(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync("taken");

        var results = await scim.BulkAsync(
            string.Join(',', PostGroup("a", "A", "bulkId:b", "bulkId:x"), PostGroup("b", "B", "bulkId:a"), PostUser("x", "taken")), failOnErrors: 1);

        Assert.Equal([("b", "409"), ("x", "409")], results.Select(result => ((string)result["bulkId"]!, (string)result["status"]!)));
        Assert.Equal(0, (int)(await scim.GetAsync("/Groups")).Object["totalResults"]!);
    }

    /// <summary>Clients that retry, and feeds, tell operations apart by txn.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Each_operation_has_change_records_with_a_txn_of_its_own(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        await scim.BulkAsync(
            PostUser("a", "a"),
            PostUser("b", "b"),
            PostGroup("g", "G", "bulkId:a"),
            Patch("/Users/bulkId:a", """{"op":"add","path":"title","value":"T"}"""),
            Patch("/Users/bulkId:a", """{"op":"add","path":"title","value":"U"}"""));

        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        var changes = await context.Changes.OrderBy(change => change.Seq).ToListAsync();
        Assert.Equal([("create", 1L), ("create", 1L), ("create", 1L), ("patch", 2L), ("patch", 3L)], changes.Select(change => (change.Kind, change.Version)));
        Assert.Equal(5, changes.Select(change => change.Txn).Distinct().Count());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_thousand_users_and_a_group_of_them_with_one_that_is_taken(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync("user-500");
        var users = string.Join(',', Enumerable.Range(0, 998).Select(i => PostUser($"u{i}", $"user-{i}")));
        string[] members = [.. Enumerable.Range(0, 998).Where(i => i != 500).Select(i => $"bulkId:u{i}")];

        var results = await scim.BulkAsync(users, PostGroup("all", "All", members), PostGroup("none", "None", "bulkId:u500"));

        Assert.Equal(1000, results.Length);
        Assert.Equal([("u500", "409"), ("none", "409")], results.Where(result => (string?)result["status"] != "201").Select(result => ((string)result["bulkId"]!, (string)result["status"]!)));
        Assert.Equal(998, (int)(await scim.GetAsync("/Users?count=0")).Object["totalResults"]!);
        Assert.Equal(997, (await scim.MembersAsync(results[998].Id())).Length);
        var first = (await scim.GetAsync($"/Users/{results[0].Id()}")).Object;
        Assert.Equal(("user-0", (string?)results[0]["version"], 1), ((string?)first["userName"], (string?)first["meta"]!["version"], first["groups"]!.AsArray().Count));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_4_bounds_are_announced_kept_and_named(Database database)
    {
        var server = await ScimServerFactory.StartAsync(database, ("Scim:Limits:MaxBulkOperations", "3"), ("Scim:Limits:MaxBulkPayloadBytes", "100000"));
        var scim = await TestServers.NewTenantAsync(server);
        JsonAssert.Equal("""{"supported":true,"maxOperations":3,"maxPayloadSize":100000}""", (await scim.GetAsync("/ServiceProviderConfig")).Object["bulk"]);
        string[] users = [.. Enumerable.Range(0, 4).Select(i => PostUser($"u{i}", $"u{i}"))];

        var operations = (await scim.SendBulkAsync(string.Join(',', users))).ExpectError(413);
        var early = (await scim.SendBulkAsync(string.Join(',', users) + new string(' ', 50_000) + "not JSON")).ExpectError(413);
        var size = (await scim.SendBulkAsync(users[0] + new string(' ', 100_000))).ExpectError(413);

        Assert.Contains("maxOperations (3)", operations, StringComparison.Ordinal);
        Assert.Contains("maxOperations (3)", early, StringComparison.Ordinal);
        Assert.Contains("maxPayloadSize (100000 bytes)", size, StringComparison.Ordinal);
        Assert.Equal(0, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
        Assert.Equal(["201", "201", "201"], (await scim.BulkAsync(users[..3])).Statuses());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Another_tenants_resources_are_not_there(Database database)
    {
        var mine = await TestServers.NewTenantAsync(database);
        var user = await (await TestServers.NewTenantAsync(database)).CreateUserIdAsync();

        var results = await mine.BulkAsync(Delete($"/Users/{user}"), PostGroup("g", "G", user));

        Assert.Equal(["404", "400"], results.Statuses());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7643_2_1_names_and_the_method_match_in_any_case(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var answer = await scim.PostAsync("/Bulk", $$"""{"SCHEMAS":["{{RequestUrn}}"],"operations":[{"Method":"post","PATH":"users","bulkid":"a","Data":{"userName":"a"} }]}""");

        var result = answer.Expect(200).Object["Operations"]!.AsArray()[0]!;
        Assert.Equal(("201", "POST", "a"), ((string?)result["status"], (string?)result["method"], (string?)result["bulkId"]));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_bulks_that_wait_for_their_turn_are_carried_out_also_when_those_before_them_were_refused(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var turns = 1 + Environment.ProcessorCount;
        var refused = await Task.WhenAll(Enumerable.Range(0, turns + 1).Select(_ => scim.PostAsync("/Bulk", "{\"schemas\":[")));
        Assert.All(refused, answer => answer.Expect(400));

        var bulks = await Task.WhenAll(Enumerable.Range(0, 3 * turns).Select(i => scim.BulkAsync(PostUser("1", $"a{i}"), PostUser("2", $"b{i}"))));

        Assert.All(bulks, results => Assert.Equal(["201", "201"], results.Statuses()));
        Assert.Equal(6 * turns, (int)(await scim.GetAsync("/Users?count=0")).Object["totalResults"]!);
    }
}
