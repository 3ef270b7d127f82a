using CsCheck;
using Microsoft.EntityFrameworkCore;
using Scim;
using Scim.EntityFrameworkCore.Filters;
using Scim.Errors;
using Scim.Filters;
using Scim.Schemas;
using Scim.Tests.Filters;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Filters;

/// <summary>A filter as SQL, with key columns and memberships, finds what the evaluator finds in what clients are shown.</summary>
public sealed class TranslatorAgreementTests
{
    [SkippableTheory, EachDatabase]
    public async Task Users_are_found_as_the_evaluator_finds_them(Database database)
    {
        await using var world = await FilterWorld.CreateAsync(database);
        Agrees(world, FilterWorld.User, Gen.OneOf(FilterGenerators.FilterOf(FilterWorld.User, 2), FilterGenerators.Tree(KeyTerm(world, FilterWorld.User, "groups"), 3)));
    }

    [SkippableTheory, EachDatabase]
    public async Task Groups_are_found_as_the_evaluator_finds_them(Database database)
    {
        await using var world = await FilterWorld.CreateAsync(database);
        Agrees(world, FilterWorld.Group, FilterGenerators.Tree(KeyTerm(world, FilterWorld.Group, "members"), 3));
    }

    [SkippableTheory, EachDatabase]
    public async Task The_largest_filters_that_the_bounds_allow_are_answered(Database database)
    {
        await using var world = await FilterWorld.CreateAsync(database);
        await using var context = world.Open(1);
        string[] largest =
        [
            string.Join(" or ", Enumerable.Range(0, 500).Select(i => $"userName eq \"{i}\"")),
            string.Join(" and ", Enumerable.Range(0, 500).Select(i => $"title ne \"{i}\"")),
            string.Join(" or ", Enumerable.Range(0, 250).Select(i => $"title co \"{i}\" and userName ew \"{i}\"")),
            string.Join(" or ", Enumerable.Range(0, 500).Select(i => $"manager.displayName eq \"{i}\"")),
            string.Join(" and ", Enumerable.Range(0, 250).Select(i => $"emails.primary ne true and manager[displayName ne \"{i}\"]")),
            string.Concat(Enumerable.Repeat("not (title eq \"x\" or ", 50)) + "userName sw \"b\"" + new string(')', 50),
            string.Concat(Enumerable.Repeat("not (", 50)) + "title co \"x\"" + new string(')', 50),
            $"title co \"{new string('é', 16_000)}\"",
            $"title ew \"{new string('.', 16_000)}\"",
            $"title sw \"{new string('"', 4_000).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
            $"userName sw \"{new string('\uffff', 16_000)}\"",
        ];
        foreach (var text in largest)
        {
            var bound = Filter.Parse(text, new ScimLimits()).Bind(FilterWorld.User);
            var found = await context.Resources.Where(row => row.Type == FilterWorld.User.Name)
                .Where(FilterTranslator.Translate(bound, FilterWorld.User, context)).Select(row => row.Id).ToListAsync();
            var expected = world.Shown[FilterWorld.User].Where(pair => FilterEvaluator.Matches(bound, pair.Value)).Select(pair => pair.Key);
            Assert.Equal(expected.Order(), found.Order());
        }
    }

    private static void Agrees(FilterWorld world, ResourceType type, Gen<Filter> filters) => filters.Sample(
        filter =>
        {
            var bound = filter.Bind(type);
            using var context = world.Open(1);
            List<Guid> found;
            try
            {
                var query = context.Resources.Where(row => row.Type == type.Name).Where(FilterTranslator.Translate(bound, type, context)).Select(row => row.Id);
                try
                {
                    found = query.ToList();
                }
                catch (Exception error) when (error is not ScimException)
                {
                    throw new InvalidOperationException($"{bound}\n{error.Message}", error);
                }
            }
            catch (ScimException refused)
            {
                Assert.Contains("is not supported for", refused.Error.Detail, StringComparison.Ordinal);
                return;
            }

            var expected = world.Shown[type].Where(pair => FilterEvaluator.Matches(bound, pair.Value)).Select(pair => pair.Key).ToHashSet();
            if (!expected.SetEquals(found))
            {
                var wrong = expected.Except(found).Concat(found.Except(expected)).Distinct().Select(id => world.Shown[type].GetValueOrDefault(id)?.ToJsonString());
                Assert.Fail($"{bound}\nfound {found.Count} of {expected.Count}, wrong:\n{string.Join('\n', wrong)}");
            }
        },
        iter: DocumentAgreementTests.Iterations,
        threads: 1);

    /// <summary>Terms about what is not in the document, with values that occur.</summary>
    private static Gen<Filter> KeyTerm(FilterWorld world, ResourceType type, string relation)
    {
        var shown = world.Shown.Values.SelectMany(byId => byId.Values).ToArray();
        var ids = shown.Select(document => (string)document["id"]!).Append("no-id").Append("00000000-0000-0000-0000-000000000000");
        var id = Gen.OneOf(ids.Concat(ids.Select(text => text[..2])).Append("").Append("zz").ToArray());
        var time = Gen.OneOf("2020-01-01T00:00:00Z", "2020-01-01T00:00:00.5Z", "2020-01-01T00:00:00.5000001Z", "2020-01-01T00:00:01.4999999Z", "2020-01-03T02:00:01+02:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z");
        var timePrefix = Gen.OneOf("", "2", "2020-0", "2020-01-01T00:00:00", "2020-01-01T00:00:00.5", "2020-01-03", "2021", "x");
        var name = Gen.OneOf(shown.Select(document => (string)(document["displayName"] ?? document["userName"] ?? "x")!).Append("group é").Append("").ToArray());
        var word = Gen.OneOf("user", "User", "Group", "direct", "Indirect", "", "us");
        var location = Gen.OneOf(shown.Select(document => (string)document["meta"]!["location"]!).Append("x").ToArray());
        var tag = Gen.OneOf("W/\"1\"", "W/\"2\"", "1", "W/\"01\"", "");
        var externalId = Gen.OneOf("Ext%2", "ext%2", "Ext", "é\\_🙂", "\\_🙂", "🙂", "\\_", "%", "", "2");
        var element = FilterGenerators.Tree(
            Gen.OneOf(Compare("value", id), Compare("display", name), Compare("type", word), Equality("$ref", location), Present("display")), 2);
        var ofManager = FilterGenerators.Tree(Gen.OneOf(Compare("value", id), Compare("displayName", name), Equality("$ref", location), Present("displayName"), Present("$ref")), 2);
        var manager = type == FilterWorld.User
            ? Gen.OneOf(
                Compare("manager", id), Compare("manager.displayName", name), Equality("manager.$ref", location), Present("manager"), Present("manager.displayName"), Present("manager.$ref"),
                ofManager.Select(inner => (Filter)new Filter.ValuePath("manager", inner)))
            : Present("members");
        return Gen.Frequency((1, manager), (3, Gen.OneOf(
            Compare("id", id), Compare("externalId", externalId), Compare("displayName", name), Compare(type.UniqueAttribute!.Name, name), Compare("meta.resourceType", word),
            Ordering("meta.created", time), Ordering("meta.lastModified", time), timePrefix.Select(text => (Filter)Term("meta.created", FilterOperator.Sw, text)),
            Equality("meta.version", tag), Equality("meta.location", location), Present("id"), Present("externalId"), Present("displayName"), Present("meta"), Present("schemas"),
            Ordering("created", time).Select(inner => (Filter)new Filter.ValuePath("meta", new Filter.Not(inner))),
            Compare("schemas", Gen.OneOf(type.Schema.Id, "urn:x")),
            Compare(relation, id), Compare($"{relation}.display", name), Compare($"{relation}.type", word), Equality($"{relation}.$ref", location),
            Present(relation), Present($"{relation}.value"), Present($"{relation}.display"),
            element.Select(inner => (Filter)new Filter.ValuePath(relation, inner)))));
    }

    private static Gen<Filter> Compare(string path, Gen<string> text) =>
        Gen.Select(Gen.Enum<FilterOperator>(), text, (op, literal) => (Filter)Term(path, op, literal));

    private static Gen<Filter> Ordering(string path, Gen<string> text) => Gen.Select(
        Gen.OneOf(FilterOperator.Eq, FilterOperator.Ne, FilterOperator.Gt, FilterOperator.Ge, FilterOperator.Lt, FilterOperator.Le), text, (op, literal) => (Filter)Term(path, op, literal));

    private static Gen<Filter> Equality(string path, Gen<string> text) =>
        Gen.Select(Gen.OneOf(FilterOperator.Eq, FilterOperator.Ne), text, (op, literal) => (Filter)Term(path, op, literal));

    private static Gen<Filter> Present(string path) => Gen.Bool.Select(_ => (Filter)new Filter.Present(path));

    private static Filter.Comparison Term(string path, FilterOperator op, string literal) => new Filter.Comparison(path, op, new FilterLiteral.String(literal));
}
