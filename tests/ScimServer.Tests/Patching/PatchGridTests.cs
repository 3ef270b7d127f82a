using System.Text.Json.Nodes;
using Scim.Dialects;
using Scim.Tests.Patching;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Patching;

/// <summary>
/// The cells of <c>tests/Scim.Tests/Patching/patch-grid.cases</c> whose target a user has, over HTTP: what the engine makes of a document
/// is what a client reads afterwards, and what it refuses changes nothing.
/// </summary>
public sealed class PatchGridTests
{
    private static readonly Dictionary<string, string> Starts = new()
    {
        ["empty"] = "{}",
        ["title"] = """{"title":"T"}""",
        ["name"] = """{"name":{"familyName":"F","givenName":"G"}}""",
        ["mails"] = """{"emails":[{"value":"w@x.y","type":"work","primary":true},{"value":"h@x.y","type":"home"}]}""",
        ["ent"] = """{"ENT":{"department":"D","costCenter":"C"}}""",
        ["manager"] = """{"ENT":{"manager":{"value":"m"}}}""",
    };

    /// <summary>One server per database without the dialect rules, which would make right what the cells have wrong.</summary>
    private static readonly Lazy<Task<ScimServerFactory>>[] Servers =
        [.. Enum.GetValues<Database>().Select(database => new Lazy<Task<ScimServerFactory>>(() => ScimServerFactory.StartAsync(database, Strict)))];

    private static (string, string?)[] Strict =>
        [.. RequestDialect.RuleNames.Where(name => name != RequestDialect.CreateMissingElement).Select((name, i) => ($"Scim:Dialects:Disabled:{i}", (string?)name))];

    [SkippableTheory]
    [EachDatabase("add")]
    [EachDatabase("replace")]
    [EachDatabase("remove")]
    public async Task A_cell_of_the_grid_is_the_same_over_HTTP(Database database, string operation)
    {
        var scim = await TestServers.NewTenantAsync(await Servers[(int)database].Value);
        var cells = Cells().Where(cell => cell.Operation.StartsWith(operation, StringComparison.Ordinal)).ToArray();
        Assert.True(cells.Length > 40);
        foreach (var (start, text, expected) in cells)
        {
            var body = JsonNode.Parse(PatchCaseFile.Expand(Starts[start]))!.AsObject();
            body["userName"] = "u";
            var before = (await scim.PostAsync("/Users", body.ToJsonString())).Expect(201).Object;
            var path = $"/Users/{before["id"]}";

            var answer = await scim.SendAsync(HttpMethod.Patch, path, PatchCaseFile.Message(text).ToJsonString());

            var after = (await scim.GetAsync(path)).Expect(200).Object;
            Assert.True(Seen(answer, before, after) == expected, $"{start} | {text} ⇶ {expected}\nbut saw {Seen(answer, before, after)}\n{answer.Text}");
            (await scim.DeleteAsync(path)).Expect(204);
        }
    }

    private static string Seen(ScimResponse answer, JsonObject before, JsonObject after)
    {
        if (answer.Status == 200)
        {
            Assert.True(JsonNode.DeepEquals(after, answer.Object), $"{answer.Text}\nis not what is read: {after}");
            return Difference(before, after);
        }

        Assert.True(JsonNode.DeepEquals(before, after), "A refused PATCH changed something.");
        var scimType = (string)answer.Expect(400).Object["scimType"]!;
        return $"! {char.ToUpperInvariant(scimType[0])}{scimType[1..]} {PatchCaseFile.Shrink(answer.ExpectError(400, scimType))}";
    }

    private static string Difference(JsonObject before, JsonObject after)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return "same";
        }

        Assert.Equal(("W/\"1\"", "W/\"2\""), ((string?)before["meta"]!["version"], (string?)after["meta"]!["version"]));
        var names = before.Concat(after).Select(member => member.Key).Except(["meta", "schemas"]).Distinct().Where(name => !JsonNode.DeepEquals(before[name], after[name]));
        return PatchCaseFile.Shrink(new JsonObject(names.Select(name => KeyValuePair.Create(name, after[name]?.DeepClone()))).ToJsonString());
    }

    private static IEnumerable<(string Start, string Operation, string Expected)> Cells() =>
        from line in File.ReadLines(Path.Combine(HouseTests.Root, "tests", "Scim.Tests", "Patching", "patch-grid.cases"))
        where line.Contains(" | ", StringComparison.Ordinal)
        let parts = line.Split(" | ", 3)
        where Starts.ContainsKey(parts[1])
        let at = parts[2].IndexOf(" ⇶ ", StringComparison.Ordinal)
        select (parts[1], parts[2][..at], parts[2][(at + 3)..]);
}
