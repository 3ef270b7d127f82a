using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Lists;

/// <summary>Pages of lists (RFC 7644 §3.4.2.4) on a server with a default page of 2 and a largest page of 4.</summary>
public sealed class PagingTests
{
    private const int Total = 6;

    [SkippableTheory]
    [EachDatabase("", 1, SmallServer.DefaultPageSize)]
    [EachDatabase("?count=3", 1, 3)]
    [EachDatabase("?count=0", 1, 0)]
    [EachDatabase("?count=-1", 1, 0)]
    [EachDatabase("?count=1000", 1, SmallServer.MaxPageSize)]
    [EachDatabase("?count=99999999999999999999", 1, SmallServer.MaxPageSize)]
    [EachDatabase("?count=", 1, SmallServer.DefaultPageSize)]
    [EachDatabase("?startIndex=0&count=3", 1, 3)]
    [EachDatabase("?startIndex=-5&count=3", 1, 3)]
    [EachDatabase("?startIndex=5&count=4", 5, 2)]
    [EachDatabase("?startIndex=7&count=4", 7, 0)]
    [EachDatabase("?STARTINDEX=5&Count=4", 5, 2)]
    [EachDatabase("?startIndex=2147483647", int.MaxValue, 0)]
    [EachDatabase("?startIndex=9223372036854775807", int.MaxValue, 0)]
    public async Task RFC7644_3_4_2_4_a_page_is_what_was_asked_for_within_bounds_and_totals_count_all(Database database, string query, int startIndex, int items)
    {
        var scim = await SmallServer.NewTenantAsync(database);
        await scim.CreateUserIdsAsync(Total);

        foreach (var path in new[] { "/Users" + query, "/Users" + query + (query.Length == 0 ? "?" : "&") + "filter=userName%20pr" })
        {
            var list = (await scim.GetAsync(path)).Expect(200).Object;

            JsonAssert.Has($$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":{{Total}},"startIndex":{{startIndex}},"itemsPerPage":{{items}}}""", list);
            Assert.Equal(items, list["Resources"]?.AsArray().Count ?? 0);
        }
    }

    [SkippableTheory]
    [EachDatabase("?count=abc")]
    [EachDatabase("?count=1.5")]
    [EachDatabase("?startIndex=one")]
    [EachDatabase("?startIndex=0x1")]
    [EachDatabase("?count=1&count=2")]
    public async Task Numbers_that_are_none_are_invalidValue(Database database, string query)
    {
        var scim = await SmallServer.NewTenantAsync(database);

        (await scim.GetAsync("/Users" + query)).ExpectError(400, "invalidValue");
    }

    [SkippableTheory]
    [EachDatabase("")]
    [EachDatabase("filter=userName%20sw%20%22user-%22&")]
    public async Task Pages_hold_each_resource_once_while_others_are_changed(Database database, string filter)
    {
        var scim = await SmallServer.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(9);
        var seen = new List<string>();

        for (var start = 1; start <= 9; start += 3)
        {
            seen.AddRange((await scim.GetAsync($"/Users?{filter}startIndex={start}&count=3")).Expect(200).Ids);
            (await scim.PatchAsync($"/Users/{ids[start - 1]}", """{"op":"add","path":"title","value":"T"}""")).Expect(200);
        }

        Assert.Equal(ids.Sorted(), seen.Sorted());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Totals_follow_creates_and_deletes(Database database)
    {
        var scim = await SmallServer.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(3);
        await scim.CreateGroupIdAsync();
        (await scim.DeleteAsync($"/Users/{ids[0]}")).Expect(204);
        (await scim.DeleteAsync($"/Users/{ids[0]}")).Expect(404);

        Assert.Equal(2, (int)(await scim.GetAsync("/Users?count=0")).Object["totalResults"]!);
        Assert.Equal(1, (int)(await scim.GetAsync("/Groups?count=0")).Object["totalResults"]!);
        Assert.Equal(2, (int)(await scim.GetAsync("/Users?count=0&filter=userName%20pr")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_4_2_a_user_can_be_counted_by_its_name_alone(Database database)
    {
        var scim = await SmallServer.NewTenantAsync(database);
        await scim.CreateUserAsync("ada@example.com");

        Assert.Equal(1, (int)(await scim.GetAsync("/Users?count=0&filter=userName%20eq%20%22ADA@example.com%22")).Object["totalResults"]!);
        Assert.Equal(0, (int)(await scim.GetAsync("/Users?count=0&filter=userName%20eq%20%22bob@example.com%22")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_4_3_search_by_post_answers_what_the_list_answers(Database database)
    {
        var scim = await SmallServer.NewTenantAsync(database);
        await scim.CreateUserIdsAsync(Total);

        var listed = (await scim.GetAsync("/Users?filter=userName%20sw%20%22USER%22&startIndex=2&count=3&attributes=userName,meta.version")).Expect(200);
        var searched = (await scim.PostAsync("/Users/.search", """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"userName sw \"USER\"","startIndex":2,"count":3,"attributes":["userName","meta.version"]}
            """)).Expect(200);

        Assert.Equal(listed.Text, searched.Text);
        Assert.Equal(3, searched.Resources.Count);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task More_operations_than_the_limit_are_413_and_the_limit_itself_is_taken(Database database)
    {
        var scim = await SmallServer.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();
        string Operations(int count) => string.Join(',', Enumerable.Repeat("""{"op":"replace","path":"title","value":"T"}""", count));

        (await scim.PatchAsync($"/Users/{id}", Operations(SmallServer.MaxPatchOperations + 1))).ExpectError(413);
        (await scim.PatchAsync($"/Users/{id}", Operations(SmallServer.MaxPatchOperations))).Expect(200);
        Assert.Equal(SmallServer.MaxPageSize, (int)(await scim.GetAsync("/ServiceProviderConfig")).Object["filter"]!["maxResults"]!);
    }
}
