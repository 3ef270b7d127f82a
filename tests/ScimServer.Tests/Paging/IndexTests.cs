using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Paging;

/// <summary>RFC 7644 §3.4.2.4.</summary>
public sealed class IndexTests
{
    [Theory]
    [EachDatabase("")]
    [EachDatabase("&filter=active eq true")]
    [EachDatabase("&filter=title co \"t\"")]
    [EachDatabase("&filter=title co \"t\"&sortBy=userName&sortOrder=descending")]
    public async Task Pages_make_up_the_list_and_know_the_total(Database database, string query)
    {
        var scim = await TestServers.NewTenantAsync(database);
        for (var i = 0; i < 7; i++)
        {
            await scim.CreateUserAsync($"u{i}", "\"title\":\"T\"");
        }

        var all = (await scim.GetAsync($"/Users?count=200{query}")).Expect(200).Ids;
        Assert.Equal(7, all.Length);
        foreach (var (startIndex, count, first, shown) in new (string, string, int, int)[]
        {
            ("1", "3", 1, 3), ("4", "3", 4, 3), ("7", "3", 7, 1), ("8", "3", 8, 0), ("0", "2", 1, 2), ("-5", "2", 1, 2), ("1", "0", 1, 0), ("1", "-1", 1, 0),
            ("3", "0", 3, 0), ("2147483647", "5", int.MaxValue, 0), ("9223372036854775808", "5", int.MaxValue, 0), ("1", "99999", 1, 7),
        })
        {
            var page = (await scim.GetAsync($"/Users?startIndex={startIndex}&count={count}{query}")).Expect(200);
            Assert.Equal(all.Skip(first - 1).Take(shown), page.Ids);
            Assert.Equal((7, first, shown), ((int)page.Object["totalResults"]!, (int)page.Object["startIndex"]!, (int)page.Object["itemsPerPage"]!));
            Assert.Null(page.Object["nextCursor"]);
        }
    }

    [Theory]
    [EachDatabase]
    public async Task The_total_follows_every_write(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(5);
        await scim.CreateGroupAsync();
        Assert.Equal(5, await TotalAsync(scim, "/Users?count=1"));
        await scim.DeleteAsync($"/Users/{ids[2]}");
        Assert.Equal(4, await TotalAsync(scim, "/Users?count=1"));
        Assert.Equal(4, await TotalAsync(scim, "/Users?count=1&cursor="));
        Assert.Equal(5, await TotalAsync(scim, "/?count=1"));
    }

    private static async Task<int> TotalAsync(ScimClient scim, string path) => (int)(await scim.GetAsync(path)).Expect(200).Object["totalResults"]!;
}
