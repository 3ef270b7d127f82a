using System.Text.Json.Nodes;
using Scim.Resources;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Sorting;

/// <summary>RFC 7644 §3.4.2.3. The expected orders are worked out here from what is answered, by code point.</summary>
public sealed class SortingTests
{
    private const string Department = ScimClient.Enterprise + ":department";

    private static readonly string Long = new('m', 300);

    /// <summary>Titles whose order differs by culture, by UTF-16, or where case counts.</summary>
    private static readonly string?[] Titles =
        ["b", "B", "a", null, "Ä", "z", "ß", "ss", "é", "e\\u0301x", "🙂", "\\uffee", "漢", null, "10", "9", " a", "_", "%", "'", "\\\\", "I", "ı", Long + "b", Long + "a"];

    [Theory]
    [EachDatabase("userName", true)]
    [EachDatabase("title", true)]
    [EachDatabase("externalId", false)]
    [EachDatabase("displayName", true)]
    [EachDatabase("name.familyName", true)]
    [EachDatabase("active", false)]
    [EachDatabase("meta.created", false)]
    [EachDatabase("meta.lastModified", false)]
    [EachDatabase("id", false)]
    [EachDatabase("profileUrl", false)]
    [EachDatabase(Department, true)]
    public async Task A_list_is_sorted_by_any_attribute_in_both_directions(Database database, string sortBy, bool folds)
    {
        var scim = await PeopleAsync(database);
        var users = (await scim.GetAsync("/Users")).Expect(200).Resources.Select(user => user!.AsObject()).ToList();
        var expected = users.Order(Comparer<JsonObject>.Create((x, y) => Compare(x, y, sortBy, folds))).Select(user => (string)user["id"]!).ToArray();

        Assert.Equal(expected, (await SortedAsync(scim, sortBy)).Ids);
        Assert.Equal(expected, (await SortedAsync(scim, sortBy, "ascending")).Ids);
        Assert.Equal(expected.Reverse(), (await SortedAsync(scim, sortBy, "Descending")).Ids);
    }

    [Theory]
    [EachDatabase]
    public async Task Of_several_values_the_primary_decides_or_else_the_first(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var third = await scim.CreateUserIdAsync(more: """ "emails":[{"value":"a@x.org","type":"home"},{"value":"C@x.org","type":"work","primary":true}] """);
        var first = await scim.CreateUserIdAsync(more: """ "emails":[{"value":"a@x.org","type":"work"},{"value":"z@x.org","type":"home"}] """);
        var second = await scim.CreateUserIdAsync(more: """ "emails":[{"value":"b@x.org","type":"home","primary":true}] """);
        var last = await scim.CreateUserIdAsync();

        Assert.Equal([first, second, third, last], (await SortedAsync(scim, "emails")).Ids);
        Assert.Equal([first, second, third, last], (await SortedAsync(scim, "emails.value")).Ids);
        Assert.Equal([last, third, second, first], (await SortedAsync(scim, "EMAILS.VALUE", "descending")).Ids);

        // home before work; among equals the older first.
        Assert.Equal([second, third, first, last], (await SortedAsync(scim, "emails.type")).Ids);
    }

    [Theory]
    [EachDatabase]
    public async Task Absent_values_come_last_ascending_and_first_descending(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var absent = await scim.CreateUserIdAsync();
        var b = await scim.CreateUserIdAsync(more: """ "title":"b","displayName":"b" """);
        var a = await scim.CreateUserIdAsync(more: """ "title":"a","displayName":"A" """);
        foreach (var sortBy in new[] { "title", "displayName" })
        {
            Assert.Equal([a, b, absent], (await SortedAsync(scim, sortBy)).Ids);
            Assert.Equal([absent, b, a], (await SortedAsync(scim, sortBy, "descending")).Ids);
        }
    }

    [Theory]
    [EachDatabase]
    public async Task Sorting_filters_and_pages_by_index_as_well(Database database)
    {
        var scim = await PeopleAsync(database);
        var all = (await scim.GetAsync("/Users?sortBy=title&filter=active%20eq%20true")).Expect(200);
        Assert.True(all.Ids.Length > 4);
        for (var start = 1; start <= all.Ids.Length; start += 3)
        {
            var page = (await scim.GetAsync($"/Users?sortBy=title&filter=active%20eq%20true&startIndex={start}&count=3")).Expect(200);
            Assert.Equal(all.Ids.Skip(start - 1).Take(3), page.Ids);
            Assert.Equal(all.Ids.Length, (int)page.Object["totalResults"]!);
        }
    }

    [Theory]
    [EachDatabase("nope", null, "invalidPath")]
    [EachDatabase("password", null, "invalidPath")]
    [EachDatabase("groups", null, "invalidPath")]
    [EachDatabase("name", null, "invalidPath")]
    [EachDatabase("'; drop table resources --", null, "invalidPath")]
    [EachDatabase("userName", "sideways", "invalidValue")]
    public async Task What_cannot_be_sorted_by_is_refused(Database database, string sortBy, string? sortOrder, string scimType)
    {
        var scim = await TestServers.NewTenantAsync(database);
        (await SortedAsync(scim, sortBy, sortOrder)).ExpectError(400, scimType);
    }

    private static Task<ScimResponse> SortedAsync(ScimClient scim, string sortBy, string? sortOrder = null) =>
        scim.GetAsync($"/Users?sortBy={Uri.EscapeDataString(sortBy)}{(sortOrder is null ? "" : $"&sortOrder={sortOrder}")}");

    private static async Task<ScimClient> PeopleAsync(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        for (var i = 0; i < Titles.Length; i++)
        {
            var text = Titles[i] is { } title ? $"\"title\":\"{title}\",\"displayName\":\"{title}\",\"name\":{{\"familyName\":\"{title}\"}},\"profileUrl\":\"https://x.org/{i % 7}\"," : "";
            var more = $$"""{{text}}"externalId":"{{(i % 2 == 0 ? "X" : "x")}}{{i % 5}}","active":{{(i % 3 == 0 ? "false" : "true")}},"{{ScimClient.Enterprise}}":{"department":"D{{i % 4}}"}""";
            await scim.CreateUserAsync($"{(i % 2 == 0 ? "U" : "u")}{(i * 7) % 25}@example.com", more);
        }

        return scim;
    }

    private static int Compare(JsonObject x, JsonObject y, string sortBy, bool folds)
    {
        var (left, right) = (Value(x, sortBy, folds), Value(y, sortBy, folds));
        var order = (left, right) switch
        {
            (null, null) => 0,
            (null, _) => 1,
            (_, null) => -1,
            _ => Folding.Compare(left, right),
        };
        return order != 0 ? order : string.CompareOrdinal((string)x["id"]!, (string)y["id"]!);
    }

    private static string? Value(JsonObject user, string sortBy, bool folds)
    {
        var node = sortBy == Department
            ? user[ScimClient.Enterprise]?["department"]
            : sortBy.Split('.').Aggregate((JsonNode?)user, (owner, name) => owner?[name]);
        var text = node?.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)node! : node?.ToJsonString();

        // Of a value that no index holds, 256 characters count.
        text = text is null ? null : folds ? Folding.Fold(text) : Folding.Normalize(text);
        return text is { Length: > 256 } && sortBy != "displayName" ? text[..256] : text;
    }
}
