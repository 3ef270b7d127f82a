using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.Bulk.BulkClient;

namespace ScimServer.Tests.Bulk;

/// <summary>RFC 7644 §3.7: whoever reorders "MUST ensure that the client's intent is preserved and the same stateful result is achieved as for non-optimized processing".</summary>
public sealed class BulkOrderTests
{
    [SkippableTheory]
    [EachDatabase("DELETE", "204")]
    [EachDatabase("PATCH", "200")]
    [EachDatabase("PUT", "200")]
    public async Task RFC7644_3_7_a_name_that_is_freed_before_is_free_for_what_is_referred_to_earlier(Database database, string method, string status)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (old, group, boss) = (await scim.CreateUserIdAsync("x"), await scim.CreateGroupIdAsync("old group"), await scim.CreateUserIdAsync("boss"));
        var free = method switch
        {
            "DELETE" => Delete($"/Users/{old}"),
            "PUT" => Put($"/Users/{old}", """{"userName":"other"}"""),
            _ => Patch($"/Users/{old}", """{"op":"replace","path":"userName","value":"other"}"""),
        };

        var results = await scim.BulkAsync(
            PostGroup("g", "G", "bulkId:u2", boss),
            Patch($"/Groups/{group}", AddMember("bulkId:u2")),
            PostUser("m", "m", Manager("bulkId:u2")),
            free,
            PostUser("u2", "X"));

        Assert.Equal(["201", "204", "201", status, "201"], results.Statuses());
        var created = results[4].Id();
        Assert.Equal(new[] { created, boss }.Sorted(), await scim.MembersAsync(results[0].Id()));
        Assert.Equal([created], await scim.MembersAsync(group));
        var managed = (await scim.GetAsync($"/Users/{results[2].Id()}")).Object;
        Assert.Equal(created, (string?)managed[ScimClient.Enterprise]!["manager"]!["value"]);
        Assert.Equal((string?)managed["meta"]!["version"], (string?)results[2]["version"]);
        Assert.Equal((await scim.GetAsync($"/Groups/{results[0].Id()}")).ETag, (string?)results[0]["version"]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_a_name_that_is_taken_before_is_taken_for_what_is_referred_to_earlier(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();

        var posted = await scim.BulkAsync(PostGroup("g", "G", "bulkId:u2"), PostUser("u1", "n"), PostUser("u2", "N"));
        var renamed = await scim.BulkAsync(
            PostGroup("g", "G", "bulkId:u2"), Patch($"/Users/{user}", """{"op":"replace","path":"userName","value":"o"}"""), PostUser("u2", "o"));

        Assert.Equal(["409", "201", "409"], posted.Statuses());
        Assert.Equal("\"bulkId:u2\" stands for no resource: its POST, Operations[2], failed with 409.", posted[0].Detail());
        Assert.Equal("uniqueness", (string?)posted[2]["response"]!["scimType"]);
        Assert.Equal(["409", "200", "409"], renamed.Statuses());
        Assert.Equal(0, (int)(await scim.GetAsync("/Groups")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_what_is_deleted_before_cannot_be_referred_to(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();

        var results = await scim.BulkAsync(PostGroup("g", "G", "bulkId:h"), Delete($"/Users/{user}"), PostGroup("h", "H", user), PostGroup("i", "I"));

        Assert.Equal(["409", "204", "400", "201"], results.Statuses());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_a_change_comes_before_the_deletion_that_follows_it(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var group = await scim.CreateGroupIdAsync("G");

        var results = await scim.BulkAsync(Patch($"/Groups/{group}", AddMember("bulkId:u")), Delete($"/Groups/{group}"), PostUser("u", "u"));

        Assert.Equal(["204", "204", "201"], results.Statuses());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_an_end_before_what_is_referred_to_leaves_nothing_of_what_refers_to_it(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var results = await scim.BulkAsync(
            string.Join(',', PostGroup("g", "G", "bulkId:u"), Delete("/Users/nobody"), PostUser("u", "u")), failOnErrors: 1);

        Assert.Equal([("POST", "409"), ("DELETE", "404")], results.Select(result => ((string)result["method"]!, (string)result["status"]!)));
        Assert.Equal(0, (int)(await scim.GetAsync("/")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_with_what_cannot_be_completed_fails_what_was_done_with_it_in_the_meantime(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync("taken");
        const string Rename = """{"op":"replace","path":"externalId","value":"e"}""";

        var results = await scim.BulkAsync(
            PostGroup("g", "G", "bulkId:u"), Delete("/Users/nobody"), Patch("/Groups/bulkId:g", Rename), PostGroup("h", "H", "bulkId:g"), Patch("/Groups/bulkId:h", Rename), PostUser("u", "taken"), PostGroup("i", "I"));

        Assert.Equal(["409", "404", "409", "409", "409", "409", "201"], results.Statuses());
        Assert.Equal("\"bulkId:g\" stands for no resource: its POST, Operations[0], failed with 409.", results[2].Detail());
        Assert.Equal("\"bulkId:h\" stands for no resource: its POST, Operations[3], failed with 409.", results[4].Detail());
        Assert.Equal(["I"], (await scim.GetAsync("/Groups")).Resources.Select(group => (string)group!["displayName"]!));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_what_is_deleted_before_it_is_complete_was_created_and_deleted(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var results = await scim.BulkAsync(PostGroup("g", "G", "bulkId:u"), Delete("/Groups/bulkId:g"), PostUser("u", "u"));

        Assert.Equal(["201", "204", "201"], results.Statuses());
        Assert.Equal(0, (int)(await scim.GetAsync("/Groups")).Object["totalResults"]!);
    }
}
