using System.Text.RegularExpressions;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Search;

/// <summary>docs/filters.md is what administrators believe, so its examples are run.</summary>
public sealed partial class FilterPageTests
{
    private const string MatchesEveryone = "meta.lastModified";

    [SkippableTheory]
    [EachDatabase]
    public async Task Each_example_of_an_operator_tells_two_users_apart(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync(
            "ada@example.com",
            """ "displayName":"Ada Lovelace","userType":"Employee","emails":[{"value":"ada@example.com","type":"work"}]""");
        await scim.CreateUserAsync(
            "bob@contoso.com",
            """ "displayName":"Bob","userType":"Contractor","title":"Manager","active":false,"emails":[{"value":"bob@contoso.com","type":"work"},{"value":"bob@contoso.org","type":"home"}]""");

        var examples = Examples().ToList();
        Assert.True(examples.Count >= 10, "The table of operators was not found.");
        foreach (var example in examples)
        {
            var found = (await scim.FindAsync("/Users", example)).Expect(200).Resources.Count;
            Assert.True(found == (example.StartsWith(MatchesEveryone, StringComparison.Ordinal) ? 2 : 1), $"{example} found {found}");
        }
    }

    [SkippableTheory]
    [EachDatabase("filter=userName%20zz%20%22a%22", "invalidFilter", "Invalid filter at character 10: ")]
    [EachDatabase("filter=nmae%20eq%20%22a%22", "invalidFilter", "User has no attribute \"nmae\".")]
    [EachDatabase("filter=active%20gt%20true", "invalidFilter", "The operator \"gt\" cannot be used with active, which is of the type boolean.")]
    [EachDatabase("filter=password%20eq%20%22a%22", "invalidFilter", "password is never returned, so that no filter can be answered on it.")]
    [EachDatabase("sortBy=nope", "invalidPath", "\"sortBy\" names \"nope\", which a User does not have.")]
    [EachDatabase("sortBy=userName&sortOrder=up", "invalidValue", "\"sortOrder\" must be \"ascending\" or \"descending\", not \"up\".")]
    [EachDatabase("startIndex=two", "invalidValue", "\"startIndex\" must be a whole number, not \"two\".")]
    [EachDatabase("cursor=garbage", "invalidCursor", "The cursor is not one that this server gave for this query.")]
    public async Task Each_error_that_the_page_shows_is_the_one_that_is_sent(Database database, string query, string scimType, string detail)
    {
        var scim = await TestServers.NewTenantAsync(database);

        Assert.StartsWith(detail, (await scim.GetAsync("/Users?" + query)).ExpectError(400, scimType), StringComparison.Ordinal);
        Assert.Contains(detail.TrimEnd(' '), Page(), StringComparison.Ordinal);
    }

    /// <summary>The second column of the table under "Operators", in backticks; where a cell has two, both.</summary>
    private static IEnumerable<string> Examples() =>
        Page().Split("## Operators")[1].Split("\n* ")[0].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split(" | ")[1])
            .SelectMany(cell => InBackticks().Matches(cell).Select(match => match.Groups[1].Value));

    private static string Page()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "docs", "filters.md")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("docs/filters.md was not found.");
        }

        return File.ReadAllText(Path.Combine(folder.FullName, "docs", "filters.md"));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InBackticks();
}
