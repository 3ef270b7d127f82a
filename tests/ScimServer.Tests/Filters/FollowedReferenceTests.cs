using ScimServer.Tests.CustomSchemas;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Filters;

/// <summary>
/// RFC 7644 §3.4.2.2, §3.4.2.3: what an answer shows of a manager (RFC 7643 §4.3), or of whatever else a resource refers to, is what
/// filters and orders go by, though it is computed when it is read.
/// </summary>
public sealed class FollowedReferenceTests
{
    private const string Manager = ScimClient.Enterprise + ":manager";

    /// <summary>
    /// The managers: a has Ann, b the bob of the userName "bob", c one that is not here, d a group; the managers and e have none.
    /// Another tenant has the like.
    /// </summary>
    [SkippableTheory]
    [EachDatabase(Manager + ".displayName eq \"Ann É\"", "a")]
    [EachDatabase(Manager + ".displayName eq \"ANN é\"", "a")]
    [EachDatabase(Manager + ".displayName eq \"bob\"", "b")]
    [EachDatabase("manager.displayName eq \"Zoe\"", "")]
    [EachDatabase("manager.displayName eq \"Things\"", "")]
    [EachDatabase("manager.displayName ne \"Ann É\"", "b bob boss c d e")]
    [EachDatabase("not (manager.displayName ne \"Ann É\")", "a")]
    [EachDatabase("manager.displayName pr", "a b")]
    [EachDatabase("not (manager.displayName pr)", "bob boss c d e")]
    [EachDatabase("manager.displayName eq null", "bob boss c d e")]
    [EachDatabase("manager.displayName co \"n\"", "a")]
    [EachDatabase("manager.displayName sw \"B\" or manager.displayName ew \"É\"", "a b")]
    [EachDatabase("manager.displayName gt \"ann\" and manager.displayName lt \"boa\"", "a")]
    [EachDatabase("manager[displayName eq \"ann é\"]", "a")]
    [EachDatabase("manager[not (displayName eq \"ann é\")]", "b c d")]
    [EachDatabase("manager[displayName eq \"ann é\" and value eq \"gone\"]", "")]
    [EachDatabase("manager[value eq \"gone\" or displayName eq \"ann é\"]", "a c")]
    [EachDatabase("manager.displayName eq \"ann é\" and userName eq \"a\" and title pr", "a")]
    [EachDatabase("manager.displayName eq \"ann é\" and title eq \"other\"", "")]
    [EachDatabase("manager.$ref pr", "a b")]
    [EachDatabase("manager.$ref eq \"{base}/Users/{boss}\"", "a")]
    [EachDatabase("manager.$ref ne \"{base}/Users/{boss}\"", "b bob boss c d e")]
    [EachDatabase("manager[$ref eq \"{base}/Users/{boss}\"]", "a")]
    [EachDatabase("manager.$ref eq \"{base}/Groups/{group}\"", "")]
    [EachDatabase("manager.$ref eq \"{boss}\"", "")]
    [EachDatabase("manager eq \"gone\"", "c")]
    [EachDatabase("manager pr", "a b c d")]
    public async Task Users_are_found_by_what_is_shown_of_their_manager(Database database, string filter, string expected)
    {
        var (scim, boss, group) = await PeopleAsync(database);
        filter = filter.Replace("{base}", scim.BaseUrl, StringComparison.Ordinal).Replace("{boss}", boss, StringComparison.Ordinal).Replace("{group}", group, StringComparison.Ordinal);

        Assert.Equal(expected, Names((await scim.FindAsync("/Users", filter)).Expect(200), sorted: true));
        Assert.Equal(expected, Names((await scim.FindAsync("/Users", filter, "&cursor&sortBy=userName")).Expect(200), sorted: false));
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, (int)(await scim.FindAsync("/Users", filter, "&count=0")).Object["totalResults"]!);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_renamed_or_deleted_manager_is_found_by_what_it_is_now(Database database)
    {
        var (scim, boss, _) = await PeopleAsync(database);

        (await scim.PatchAsync($"/Users/{boss}", """{"op":"replace","path":"displayName","value":"Zoe"}""")).Expect(200);
        Assert.Equal("a", Names((await scim.FindAsync("/Users", "manager.displayName eq \"zoe\"")).Expect(200), sorted: true));
        Assert.Equal("", Names((await scim.FindAsync("/Users", "manager.displayName eq \"Ann É\"")).Expect(200), sorted: true));

        (await scim.DeleteAsync($"/Users/{boss}")).Expect(204);
        Assert.Equal("b", Names((await scim.FindAsync("/Users", "manager.displayName pr")).Expect(200), sorted: true));
    }

    [SkippableTheory, EachDatabase]
    public async Task Users_are_sorted_by_the_name_that_is_shown_of_their_manager(Database database)
    {
        var (scim, _, _) = await PeopleAsync(database);

        foreach (var more in new[] { "", "&filter=userName%20pr", "&filter=title%20pr" })
        {
            var rest = more.Contains("title", StringComparison.Ordinal) ? "" : " c d e";
            var ascending = (await scim.GetAsync($"/Users?sortBy={Uri.EscapeDataString(Manager)}.displayName{more}")).Expect(200);
            Assert.StartsWith("a b", Names(ascending, sorted: false), StringComparison.Ordinal);
            Assert.EndsWith(rest, Names(ascending, sorted: false), StringComparison.Ordinal);
            var descending = (await scim.GetAsync($"/Users?sortBy=manager.displayName&sortOrder=descending{more}")).Expect(200);
            Assert.Equal(ascending.Ids.Reverse(), descending.Ids);
        }

        // RFC 9865: each once, in the order of the whole list.
        var walked = await WalkAsync(scim, "/Users?cursor&count=1&sortBy=manager.displayName");
        Assert.Equal((await scim.GetAsync("/Users?sortBy=manager.displayName")).Ids, walked);
        Assert.Equal((await scim.GetAsync("/Users?sortBy=manager.displayName&startIndex=2&count=3")).Ids, walked.Skip(1).Take(3));
        Assert.Equal("a b", string.Join(' ', (await scim.GetAsync("/?sortBy=manager.displayName")).Expect(200).Resources.Take(2).Select(user => (string)user!["userName"]!)));
    }

    [SkippableTheory, EachDatabase]
    public async Task Users_are_sorted_by_the_address_of_their_manager(Database database)
    {
        var (scim, _, _) = await PeopleAsync(database);
        var walked = await WalkAsync(scim, "/Users?cursor&count=2&sortBy=manager.%24ref&attributes=userName,manager.%24ref");
        var all = (await scim.GetAsync("/Users?sortBy=manager.%24ref")).Expect(200);
        var addresses = all.Resources.Select(user => (string?)user![ScimClient.Enterprise]?["manager"]?["$ref"]).ToList();

        Assert.Equal(all.Ids, walked);
        Assert.Equal(addresses.OrderBy(address => address is null).ThenBy(address => address, StringComparer.Ordinal), addresses);
        Assert.Equal(2, addresses.Count(address => address is not null));
        Assert.Equal(all.Ids.Reverse(), (await scim.GetAsync("/Users?sortBy=manager.%24ref&sortOrder=descending")).Ids);
    }

    /// <summary>A type of the operator's own, whose owner is a user or another resource of the type.</summary>
    [SkippableTheory, EachDatabase]
    public async Task Resources_of_other_types_are_found_and_sorted_by_what_they_refer_to(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync(more: """ "displayName":"Zoe" """);
        var first = await scim.CreateSampleAsync("first", $$""" "owner":{"value":"{{user}}"} """);
        await scim.CreateSampleAsync("second", $$""" "owner":{"value":"{{first}}"} """);
        await scim.CreateSampleAsync("third", """ "owner":{"value":"nobody"} """);

        Assert.Equal("first", await scim.LabelsAsync("owner.displayName eq \"ZOE\""));
        Assert.Equal("second", await scim.LabelsAsync("owner.displayName eq \"first\""));
        Assert.Equal("third", await scim.LabelsAsync("owner[not (displayName pr)]"));
        Assert.Equal("second", await scim.LabelsAsync($"owner.$ref eq \"{scim.BaseUrl}/Samples/{first}\""));
        Assert.Equal("second first third", await scim.LabelsAsync("label pr", "&sortBy=owner.displayName"));
        Assert.Equal("third first second", await scim.LabelsAsync("label pr", "&sortBy=owner.displayName&sortOrder=descending"));

        // Addresses of two types have no order that the database knows.
        (await scim.GetAsync("/Samples?sortBy=owner.%24ref")).ExpectError(400, "invalidPath");
    }

    [SkippableTheory]
    [EachDatabase("manager.$ref co \"Users\"")]
    [EachDatabase("manager[$ref sw \"http\"]")]
    public async Task What_cannot_be_answered_of_an_address_is_refused(Database database, string filter)
    {
        var scim = await TestServers.NewTenantAsync(database);
        (await scim.FindAsync("/Users", filter)).ExpectError(400, "invalidFilter");
    }

    private static async Task<(ScimClient Scim, string Boss, string Group)> PeopleAsync(Database database)
    {
        await CreateAsync(await TestServers.NewTenantAsync(database));
        var scim = await TestServers.NewTenantAsync(database);
        var (boss, group) = await CreateAsync(scim);
        return (scim, boss, group);
    }

    private static async Task<(string Boss, string Group)> CreateAsync(ScimClient scim)
    {
        var bob = await scim.CreateUserIdAsync("bob");
        var boss = await scim.CreateUserIdAsync("boss", """ "displayName":"Ann É" """);
        var group = await scim.CreateGroupIdAsync("Things");
        await scim.CreateUserAsync("b", """ "title":"T", """ + With(bob));
        await scim.CreateUserAsync("a", """ "title":"T", """ + With(boss));
        await scim.CreateUserAsync("c", With("gone"));
        await scim.CreateUserAsync("d", With(group));
        await scim.CreateUserAsync("e");
        return (boss, group);
    }

    private static string With(string manager) => $$$""" "{{{ScimClient.Enterprise}}}":{"manager":{"value":"{{{manager}}}"}} """;

    private static async Task<IReadOnlyList<string>> WalkAsync(ScimClient scim, string path)
    {
        var ids = new List<string>();
        for (var next = ""; next is not null;)
        {
            var page = (await scim.GetAsync(path.Replace("cursor", "cursor=" + Uri.EscapeDataString(next), StringComparison.Ordinal))).Expect(200);
            ids.AddRange(page.Ids);
            next = (string?)page.Object["nextCursor"];
        }

        return ids;
    }

    private static string Names(ScimResponse answer, bool sorted)
    {
        var names = answer.Resources.Select(user => (string)user!["userName"]!);
        return string.Join(' ', sorted ? names.Order(StringComparer.Ordinal) : names);
    }
}
