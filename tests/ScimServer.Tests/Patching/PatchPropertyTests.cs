using System.Text.Json.Nodes;
using CsCheck;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Patching;

/// <summary>What holds for every document and every batch of members, on generated ones, over HTTP.</summary>
public sealed class PatchPropertyTests
{
    private static readonly Gen<string> Text = Gen.OneOf("a", "B", "work", "ä", "x@y.z", "", "<&>\\\"");

    private static readonly Gen<JsonObject> User = Gen.Select(
        Gen.Select(Text, Text, Text).Select((family, given, title) => (family, given, title)),
        Gen.Select(Text, Gen.OneOf("work", "home"), Gen.Bool).Array[0, 3],
        Gen.Select(Text, Text, Gen.Bool).Select((department, manager, active) => (department, manager, active)),
        (names, emails, more) => new JsonObject
        {
            ["title"] = names.title,
            ["name"] = new JsonObject { ["familyName"] = names.family, ["givenName"] = names.given },
            ["active"] = more.active,
            ["emails"] = new JsonArray([.. emails.Select((email, i) => (JsonNode)new JsonObject { ["value"] = email.Item1, ["type"] = email.Item2, ["primary"] = email.Item3 && i == 0 })]),
            [ScimClient.Enterprise] = new JsonObject { ["department"] = more.department, ["manager"] = new JsonObject { ["value"] = more.manager } },
        });

    /// <summary>An identity provider that reads, changes nothing and writes back must not make versions.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task PUT_of_what_GET_returned_changes_nothing_and_makes_no_version(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var member = await scim.CreateUserIdAsync("member", """ "password":"p" """);
        var paths = new List<string> { $"/Users/{member}", $"/Groups/{await scim.CreateGroupIdAsync("g", member)}" };
        var index = 0;
        foreach (var body in User.Array[20].Single())
        {
            body["userName"] = $"user-{index++}";
            paths.Add($"/Users/{(await scim.PostAsync("/Users", body.ToJsonString())).Expect(201).Object["id"]}");
        }

        foreach (var path in paths)
        {
            var read = (await scim.GetAsync(path)).Expect(200);
            var written = (await scim.PutAsync(path, read.Text)).Expect(200);
            Assert.Equal(read.Text, written.Text);
            Assert.Equal(read.ETag, written.ETag);
            Assert.Equal(read.Text, (await scim.GetAsync(path)).Text);
        }
    }

    /// <summary>The engine's steps, their merging and the statements that carry them out, against a set in memory.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Members_that_are_patched_in_random_batches_are_those_that_a_set_would_have(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var users = await scim.CreateUserIdsAsync(8);
        var group = await scim.CreateGroupIdAsync("g");
        var members = new HashSet<string>();

        foreach (var batch in Step(users.Length).Array[1, 5].Array[40].Single())
        {
            var operations = string.Join(',', batch.Select(step => Operation(step, users)));
            var before = (await scim.GetAsync($"/Groups/{group}")).ETag;
            var old = members.Sorted();
            foreach (var step in batch)
            {
                Apply(step, users, members);
            }

            var answer = (await scim.PatchAsync($"/Groups/{group}", operations)).Expect(204);

            Assert.Equal(members.Sorted(), await scim.MembersAsync(group));
            Assert.True(old.SequenceEqual(members.Sorted()) == (before == answer.ETag), $"{operations}: {before} became {answer.ETag}");
        }
    }

    private static Gen<(int Kind, int[] Places)> Step(int users) => Gen.Select(Gen.Int[0, 6], Gen.Int[0, users - 1].Array[1, 4]);

    private static string Operation((int Kind, int[] Places) step, string[] users)
    {
        var values = string.Join(',', step.Places.Select(place => $$"""{"value":"{{users[place]}}"}"""));
        var filter = string.Join(" or ", step.Places.Select(place => $"value eq \\\"{users[place]}\\\""));
        return step.Kind switch
        {
            0 or 1 => $$"""{"op":"add","path":"members","value":[{{values}}]}""",
            2 => $$"""{"op":"remove","path":"members[{{filter}}]"}""",
            3 => $$"""{"op":"remove","path":"members","value":[{{values}}]}""",
            4 => $$"""{"op":"replace","path":"members","value":[{{values}}]}""",
            5 => """{"op":"remove","path":"members"}""",
            _ => $$"""{"op":"remove","path":"members[type eq \"User\" and not ({{filter}})]"}""",
        };
    }

    private static void Apply((int Kind, int[] Places) step, string[] users, HashSet<string> members)
    {
        var named = step.Places.Select(place => users[place]).ToHashSet();
        switch (step.Kind)
        {
            case 0 or 1:
                members.UnionWith(named);
                break;
            case 2 or 3:
                members.ExceptWith(named);
                break;
            case 4:
                members.Clear();
                members.UnionWith(named);
                break;
            case 5:
                members.Clear();
                break;
            default:
                members.IntersectWith(named);
                break;
        }
    }
}
