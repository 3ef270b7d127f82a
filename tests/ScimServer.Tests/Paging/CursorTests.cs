using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Paging;

/// <summary>RFC 9865.</summary>
public sealed class CursorTests
{
    [Theory]
    [EachDatabase("")]
    [EachDatabase("sortBy=title")]
    [EachDatabase("sortBy=title&sortOrder=descending")]
    [EachDatabase("sortBy=displayName")]
    [EachDatabase("sortBy=displayName&sortOrder=descending")]
    [EachDatabase("sortBy=externalId&sortOrder=descending")]
    [EachDatabase("sortBy=userName&sortOrder=descending")]
    [EachDatabase("sortBy=active&sortOrder=descending")]
    [EachDatabase("sortBy=meta.created")]
    [EachDatabase("sortBy=meta.lastModified&sortOrder=descending")]
    [EachDatabase("sortBy=meta.version")]
    [EachDatabase("sortBy=emails.value")]
    [EachDatabase("filter=active eq true&sortBy=displayName")]
    [EachDatabase("filter=title pr&sortBy=title&sortOrder=descending")]
    [EachDatabase("filter=userName co \"1\"")]
    public async Task A_walk_has_the_order_and_the_resources_of_the_list(Database database, string query)
    {
        var scim = await PeopleAsync(database, 23);
        var all = (await scim.GetAsync($"/Users?{query}")).Expect(200).Ids;
        Assert.NotEmpty(all);
        foreach (var count in new[] { 1, 4, 23 })
        {
            Assert.Equal(all, await Walk.IdsAsync(scim, "/Users", $"{query}&count={count}"));
        }
    }

    [Theory]
    [EachDatabase("")]
    [EachDatabase("&sortBy=displayName&sortOrder=descending")]
    [EachDatabase("&filter=active eq true&sortBy=title")]
    public async Task What_is_there_throughout_comes_exactly_once_while_others_come_and_go(Database database, string query)
    {
        var scim = await PeopleAsync(database, 20);
        var all = (await scim.GetAsync($"/Users?{query}")).Expect(200).Ids;
        var (gone, number) = (new HashSet<string> { all[0], all[1], all[^1], all[^2] }, 100);

        var seen = await Walk.IdsAsync(scim, "/Users", $"count=2{query}", async page =>
        {
            foreach (var id in page == 1 ? gone : [])
            {
                (await scim.DeleteAsync($"/Users/{id}")).Expect(204);
            }

            await scim.CreateUserAsync($"new-{number++}", "\"displayName\":\"D5\",\"title\":\"t5\"");
            Assert.True(number < 200, "The walk runs behind what is created.");
        });

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(all.Where(id => !gone.Contains(id)), seen.Where(all.Contains).Where(id => !gone.Contains(id)));
    }

    [Theory]
    [EachDatabase]
    public async Task A_cursor_belongs_to_its_tenant_its_type_and_its_query(Database database)
    {
        var scim = await PeopleAsync(database, 5);
        var other = await TestServers.NewTenantAsync(scim.Server);
        const string Query = "filter=active eq true&sortBy=title&count=1";
        var cursor = (string)(await scim.GetAsync($"/Users?{Query}&cursor=")).Expect(200).Object["nextCursor"]!;
        (await scim.GetAsync($"/Users?{Query}&cursor={cursor}")).Expect(200);

        var details = new List<string>();
        foreach (var (client, path) in new[]
        {
            (other, $"/Users?{Query}&cursor={cursor}"),
            (scim, $"/Groups?count=1&cursor={cursor}"),
            (scim, $"/Users?filter=active eq false&sortBy=title&count=1&cursor={cursor}"),
            (scim, $"/Users?filter=active eq true&sortBy=title&sortOrder=descending&count=1&cursor={cursor}"),
            (scim, $"/Users?count=1&cursor={cursor}"),
            (scim, $"/?{Query}&cursor={cursor}"),
            (scim, $"/Users?{Query}&cursor={cursor[..^2]}"),
            (scim, $"/Users?{Query}&cursor=x{cursor[1..]}x"),
            (scim, $"/Users?{Query}&cursor=2"),
        })
        {
            details.Add((await client.GetAsync(path)).ExpectError(400, "invalidCursor"));
        }

        Assert.Single(details.Distinct());
    }

    [Theory]
    [EachDatabase]
    public async Task The_page_size_stays_and_index_and_cursor_are_not_mixed(Database database)
    {
        var scim = await PeopleAsync(database, 3);
        var cursor = (string)(await scim.GetAsync("/Users?count=1&cursor=")).Expect(200).Object["nextCursor"]!;
        (await scim.GetAsync($"/Users?count=2&cursor={cursor}")).ExpectError(400, "invalidCount");
        (await scim.GetAsync($"/Users?count=one&cursor={cursor}")).ExpectError(400, "invalidCount");
        (await scim.GetAsync($"/Users?count=1&startIndex=1&cursor={cursor}")).ExpectError(400, "invalidValue");
        Assert.Equal(2, (await scim.GetAsync($"/Users?count=1&attributes=userName&cursor={cursor}")).Expect(200).Resources[0]!.AsObject().Count(member => member.Key != "schemas"));
    }

    [Theory]
    [EachDatabase]
    public async Task No_count_takes_the_default_and_zero_asks_for_the_total(Database database)
    {
        var scim = await PeopleAsync(database, 3);
        var all = (await scim.GetAsync("/Users?cursor")).Expect(200);
        Assert.Equal(3, all.Ids.Length);
        Assert.Equal(3, (int)all.Object["totalResults"]!);
        Assert.Null(all.Object["nextCursor"]);

        foreach (var count in new[] { "0", "-1" })
        {
            var total = (await scim.GetAsync($"/Users?filter=active eq true&cursor=&count={count}")).Expect(200);
            Assert.Equal(2, (int)total.Object["totalResults"]!);
            Assert.Empty(total.Ids);
            Assert.Null(total.Object["nextCursor"]);
        }
    }

    /// <summary>RFC 7644 §3.4.2: without a match <c>totalResults</c> is 0; RFC 9865 §2 lets only those leave it out who cannot tell it.</summary>
    [Theory]
    [EachDatabase("title co \"nobody\"", 0)]
    [EachDatabase("displayName sw \"nobody\"", 0)]
    [EachDatabase("userName co \"1\"", 1)]
    public async Task A_first_page_that_has_all_there_is_says_how_many(Database database, string filter, int total)
    {
        var scim = await PeopleAsync(database, 3);
        var page = (await scim.GetAsync($"/Users?cursor=&filter={Uri.EscapeDataString(filter)}")).Expect(200);
        Assert.Equal(total, page.Ids.Length);
        Assert.Equal(total, (int)page.Object["totalResults"]!);
        Assert.Null(page.Object["nextCursor"]);
    }

    [Theory]
    [EachDatabase]
    public async Task An_empty_list_is_an_empty_first_page(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        Assert.Empty(await Walk.IdsAsync(scim, "/Users", "count=2"));
        Assert.Empty(await Walk.IdsAsync(scim, "/Groups", "filter=displayName eq \"x\""));
    }

    [Theory]
    [EachDatabase]
    public async Task A_search_pages_by_cursor_too(Database database)
    {
        var scim = await PeopleAsync(database, 5);
        var (seen, cursor) = (new List<string>(), "");
        while (cursor is not null)
        {
            var answer = (await scim.PostAsync("/Users/.search", $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"count":2,"cursor":"{{cursor}}"}""")).Expect(200);
            seen.AddRange(answer.Ids);
            cursor = (string?)answer.Object["nextCursor"];
        }

        Assert.Equal((await scim.GetAsync("/Users")).Ids, seen);
        (await scim.PostAsync("/Users/.search", """{"cursor":5}""")).ExpectError(400, "invalidValue");
    }

    [Theory]
    [EachDatabase]
    public async Task The_configuration_says_so(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var config = (await scim.GetAsync("/ServiceProviderConfig")).Expect(200).Object;
        Assert.Equal(
            """{"cursor":true,"index":true,"defaultPaginationMethod":"index","defaultPageSize":100,"maxPageSize":200}""",
            config["pagination"]!.ToJsonString());
        Assert.True((bool)config["sort"]!["supported"]!);
    }

    private static async Task<ScimClient> PeopleAsync(Database database, int count)
    {
        var scim = await TestServers.NewTenantAsync(database);
        for (var i = 0; i < count; i++)
        {
            var texts = i % 4 == 3 ? "" : $"\"title\":\"T{i % 5}\",\"displayName\":\"d{i % 3}\",\"externalId\":\"e{i % 6}\",\"emails\":[{{\"value\":\"m{i % 7}@x.org\"}}],";
            await scim.CreateUserAsync($"user{(i * 11) % 23}", $"{texts}\"active\":{(i % 3 == 0 ? "false" : "true")}");
        }

        return scim;
    }
}
