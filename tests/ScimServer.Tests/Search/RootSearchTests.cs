using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.Paging;

namespace ScimServer.Tests.Search;

/// <summary>Queries of all resource types (RFC 7644 §3.4.2.1, §3.4.3).</summary>
public sealed class RootSearchTests
{
    private const string SearchRequest = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

    [Theory]
    [EachDatabase]
    public async Task A_filter_is_asked_of_every_type_and_what_a_type_lacks_is_absent(Database database)
    {
        var (scim, ada, grace, admins, staff) = await PeopleAndGroupsAsync(database);
        foreach (var (filter, expected) in new (string, string[])[]
        {
            ("displayName eq \"ADMINS\"", [ada, admins]),
            ("userName eq \"ada\"", [ada]),
            ("userName ne \"ada\"", [grace, admins, staff]),
            ("userName pr", [ada, grace]),
            ("not (userName pr)", [admins, staff]),
            ("members pr", [admins]),
            ($"members.value eq \"{ada}\" or userName eq \"grace\"", [grace, admins]),
            ("(meta.resourceType eq \"User\") or (meta.resourceType eq \"Group\")", [ada, grace, admins, staff]),
            ("meta.resourceType eq \"Group\"", [admins, staff]),
            ("externalId eq \"x-1\"", [ada, staff]),
            ("emails[type eq \"work\"]", [grace]),
            ("title eq \"nobody\"", []),
            ("userName eq \"ada\" and members pr", []),
        })
        {
            var found = (await scim.FindAsync("/", filter)).Expect(200);
            Assert.Equal(expected, found.Ids);
            Assert.Equal(expected.Length, (int)found.Object["totalResults"]!);
            var search = await scim.PostAsync("/.search", $$"""{"schemas":["{{SearchRequest}}"],"filter":{{System.Text.Json.JsonSerializer.Serialize(filter)}}}""");
            Assert.Equal(expected, search.Expect(200).Ids);
        }
    }

    [Theory]
    [EachDatabase]
    public async Task Each_resource_is_shown_as_its_type_is(Database database)
    {
        var (scim, ada, _, admins, _) = await PeopleAndGroupsAsync(database);
        var found = (await scim.FindAsync("/", "displayName eq \"admins\"", "&attributes=displayName,userName,members,groups")).Expect(200).Resources;
        Assert.Equal(["id", "schemas", "userName", "displayName", "groups"], found[0]!.AsObject().Select(member => member.Key));
        Assert.Equal(admins, (string)found[0]!["groups"]![0]!["value"]!);
        Assert.Equal(ada, (string)found[1]!["members"]![0]!["value"]!);
        Assert.Null(found[1]!["userName"]);
    }

    [Theory]
    [EachDatabase]
    public async Task The_union_is_sorted_and_paged_as_one_list(Database database)
    {
        var (scim, ada, grace, admins, staff) = await PeopleAndGroupsAsync(database);
        Assert.Equal([ada, grace, admins, staff], (await scim.GetAsync("/")).Expect(200).Ids);
        Assert.Equal([ada, admins, grace, staff], (await scim.GetAsync("/?sortBy=displayName")).Expect(200).Ids);
        Assert.Equal([staff, grace, admins, ada], (await scim.GetAsync("/?sortBy=displayName&sortOrder=descending")).Expect(200).Ids);
        Assert.Equal([ada, grace, admins, staff], (await scim.GetAsync("/?sortBy=userName")).Expect(200).Ids);
        Assert.Equal([admins, staff, ada, grace], (await scim.GetAsync("/?sortBy=meta.resourceType")).Expect(200).Ids);
        Assert.Equal([grace, admins], (await scim.GetAsync("/?startIndex=2&count=2")).Expect(200).Ids);
        foreach (var query in new[] { "", "&sortBy=displayName", "&sortBy=userName&sortOrder=descending", "&sortBy=meta.lastModified", "&filter=displayName pr&sortBy=displayName" })
        {
            var all = (await scim.GetAsync($"/?count=200{query}")).Expect(200).Ids;
            Assert.Equal(all, await Walk.IdsAsync(scim, "/", $"count=1{query}"));
            Assert.Equal(4, all.Length);
        }
    }

    [Theory]
    [EachDatabase]
    public async Task A_tenant_sees_its_own_resources_only(Database database)
    {
        var (scim, ada, _, _, _) = await PeopleAndGroupsAsync(database);
        var other = await TestServers.NewTenantAsync(scim.Server);
        Assert.Empty((await other.GetAsync("/")).Expect(200).Ids);
        Assert.Empty((await other.FindAsync("/", $"id eq \"{ada}\"")).Expect(200).Ids);
    }

    /// <summary>RFC 7644 §3.4.2.1: a filter for an undefined attribute evaluates to false.</summary>
    [Theory]
    [EachDatabase]
    public async Task An_attribute_that_no_type_has_has_no_value_anywhere(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync("ada");
        foreach (var (filter, total) in new[] { ("nope eq \"x\"", 0), ("nope pr", 0), ("nope pr or userName eq \"ada\"", 1), ("emails[nope eq \"x\"]", 0) })
        {
            Assert.Equal(total, (int)(await scim.GetAsync($"/?filter={Uri.EscapeDataString(filter)}")).Expect(200).Object["totalResults"]!);
        }
    }

    [Theory]
    [EachDatabase("""{"schemas":[]}""", "")]
    [EachDatabase("{}", "")]
    [EachDatabase("""{"schemas":[]}""", "/Users")]
    public async Task RFC7643_2_5_an_empty_schemas_of_a_search_is_as_one_that_is_left_out(Database database, string body, string endpoint)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();
        Assert.Equal([id], (await scim.PostAsync(endpoint + "/.search", body)).Expect(200).Ids);
    }

    [Theory]
    [EachDatabase("""{"filter":"password eq \"x\""}""", "invalidFilter")]
    [EachDatabase("""{"filter":"displayName eq"}""", "invalidFilter")]
    [EachDatabase("""{"sortBy":"nope"}""", "invalidPath")]
    [EachDatabase("""{"schemas":["urn:x"]}""", "invalidSyntax")]
    [EachDatabase("""[]""", "invalidSyntax")]
    [EachDatabase("""{"count":""", "invalidSyntax")]
    [EachDatabase("""{"count":true}""", "invalidValue")]
    [EachDatabase("""{"attributes":["a"],"excludedAttributes":["b"]}""", "invalidValue")]
    public async Task A_search_that_makes_no_sense_is_refused(Database database, string body, string scimType)
    {
        var scim = await TestServers.NewTenantAsync(database);
        (await scim.PostAsync("/.search", body)).ExpectError(400, scimType);
    }

    private static async Task<(ScimClient Scim, string Ada, string Grace, string Admins, string Staff)> PeopleAndGroupsAsync(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ada = await scim.CreateUserIdAsync("ada", "\"displayName\":\"Admins\",\"externalId\":\"x-1\"");
        var grace = await scim.CreateUserIdAsync("grace", "\"displayName\":\"Grace\",\"emails\":[{\"value\":\"g@x.org\",\"type\":\"work\"}]");
        var admins = await scim.CreateGroupIdAsync("admins", ada);
        var staff = (string)(await scim.PostAsync("/Groups", $$"""{"schemas":["{{ScimClient.Group}}"],"displayName":"Staff","externalId":"x-1"}""")).Expect(201).Object["id"]!;
        return (scim, ada, grace, admins, staff);
    }
}
