using System.Text.Json;
using CsCheck;
using Scim.Bulk;
using Scim.Errors;
using Scim.Schemas;

namespace Scim.Tests.Bulk;

/// <summary>RFC 7644 §3.7: what is carried out in another order than that of the request, and what is not.</summary>
public sealed class BulkOrderTests
{
    private const string Group = """{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"G","members":[{"value":"bulkId:u"}]}}""";
    private const string Member = """{"method":"PATCH","path":"/Groups/1","data":{"Operations":[{"op":"add","path":"members","value":[{"value":"bulkId:u"}]}]}}""";
    private const string User = """{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"U"}}""";
    private const string Needy = """{"method":"POST","path":"/Users","bulkId":"n","data":{"userName":"bulkId:u"}}""";

    private static readonly SchemaRegistry Schemas = SchemaRegistry.Create(new SchemaOptions());

    /// <summary>Each step as the position of its operation, with a minus where something is left out and a plus where it is added.</summary>
    [Theory]
    [InlineData("1 0", Group, User)]
    [InlineData("2 0 1", Group, """{"method":"POST","path":"/Users","bulkId":"v","data":{"userName":"V"}}""", User)]
    [InlineData("2 0 1", Group, """{"method":"POST","path":"/Groups","bulkId":"v","data":{"displayName":"U"}}""", User)]
    [InlineData("2 0 1", Group, """{"method":"PATCH","path":"/Groups/1","data":{}}""", User)]
    [InlineData("2 0 1", Group, """{"method":"DELETE","path":"/Nowhere/1"}""", User)]
    [InlineData("0 2 1", """{"method":"DELETE","path":"/Users/1"}""", Group, User)]
    [InlineData("0- 1 2 0+", Group, """{"method":"DELETE","path":"/Users/1"}""", User)]
    [InlineData("0- 1 2 0+", Group, """{"method":"DELETE","path":"/Groups/1"}""", User)]
    [InlineData("0- 1 2 0+", Group, """{"method":"PATCH","path":"/Users/1","data":{}}""", User)]
    [InlineData("0- 1 2 0+", Group, """{"method":"PUT","path":"/Users/1","data":{}}""", User)]
    [InlineData("0- 1 2 0+", Group, """{"method":"POST","path":"/Users","bulkId":"v","data":{"USERNAME":"u"}}""", User)]
    [InlineData("0- 1 2 3 0+", Group, """{"method":"DELETE","path":"/Users/1"}""", """{"method":"PATCH","path":"/Groups/bulkId:g","data":{}}""", User)]
    [InlineData("0- 1 3 0+ 2", Group, """{"method":"DELETE","path":"/Users/1"}""", """{"method":"PATCH","path":"/Groups/bulkId:g","data":{"x":"bulkId:u"}}""", User)]
    [InlineData("1 2 0", Member, """{"method":"DELETE","path":"/Users/1"}""", User)]
    [InlineData("2 0 1", Member, """{"method":"DELETE","path":"/Groups/1"}""", User)]
    [InlineData("1 2 0", Needy, """{"method":"DELETE","path":"/Users/1"}""", User)]
    [InlineData("2 3 0 1", Needy, """{"method":"PATCH","path":"/Users/bulkId:n","data":{}}""", """{"method":"DELETE","path":"/Users/1"}""", User)]
    [InlineData("0- 1", Needy, """{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"bulkId:n"}}""")]
    [InlineData("1 0- 2 0+", """{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"G","members":[{"value":"bulkId:a"},{"value":"bulkId:b"}]}}""", """{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"A"}}""", """{"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"a"}}""")]
    public void An_operation_changes_its_place_only_where_it_makes_no_difference(string steps, params string[] operations)
    {
        var plan = BulkPlan.Of(Parse(operations));

        Assert.Equal(steps, string.Join(' ', plan.Select(step => step.Operation + (step.Deferred.Count == 0 ? "" : step.Kind == BulkStepKind.Perform ? "-" : "+"))));
    }

    /// <summary>New users that somebody earlier refers to are all created first, together.</summary>
    [Fact]
    public void References_to_what_comes_later_leave_nothing_out_where_all_is_new()
    {
        string[] users = [.. Enumerable.Range(0, 500).Select(i => $$$"""{"method":"POST","path":"/Users","bulkId":"u{{{i}}}","data":{"userName":"u{{{i}}}"}}""")];
        var members = string.Join(',', Enumerable.Range(0, 500).Select(i => $$"""{"value":"bulkId:u{{i}}"}"""));
        var group = $$$"""{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"G","members":[{{{members}}}]}}""";

        var plan = BulkPlan.Of(Parse([group, .. users]));

        Assert.Equal([.. Enumerable.Range(1, 500), 0], plan.Select(step => step.Operation));
        Assert.All(plan, step => Assert.Empty(step.Deferred));
    }

    /// <summary>Users with few names, some named after another, groups, and changes, all of which may refer to any of them.</summary>
    [Fact]
    public void Each_operation_is_performed_once_and_after_what_it_needs_but_for_what_is_left_out()
    {
        Gen<(int Kind, int Name, int[] Needs)> operations = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 11].Array[0, 3]);
        operations.Array[1, 12].Sample(all =>
        {
            var request = Parse([.. all.Select((one, i) => Operation(one.Kind, one.Name, i, one.Needs))]);
            var creators = BulkPlan.Creators(request);
            var done = new List<int>();
            foreach (var step in BulkPlan.Of(request))
            {
                var operation = request.Operations[step.Operation];
                var needs = operation.References.Where(creators.ContainsKey).Select(name => creators[name]).ToArray();
                if (step.Kind == BulkStepKind.Complete)
                {
                    Assert.All(step.Deferred, needed => Assert.Contains(needed, done));
                    continue;
                }

                Assert.True(operation.Method == BulkMethod.Post || step.Deferred.Count == 0);
                Assert.True(DependsOnNames(all, step.Operation) || needs.Except(step.Deferred).All(done.Contains));
                done.Add(step.Operation);
            }

            Assert.Equal(Enumerable.Range(0, all.Length), done.Order());
        });
    }

    /// <summary>Whether it may wait in vain: a user named after another cannot be created without it, and in a circle nobody is first.</summary>
    private static bool DependsOnNames((int Kind, int Name, int[] Needs)[] all, int start)
    {
        var seen = new HashSet<int>();
        var open = new Queue<int>([start]);
        while (open.TryDequeue(out var here))
        {
            foreach (var next in all[here].Needs.Where(needed => needed < all.Length && seen.Add(needed)))
            {
                open.Enqueue(next);
            }
        }

        return seen.Any(one => all[one].Kind == 0);
    }

    private static string Operation(int kind, int name, int index, int[] needs)
    {
        var members = string.Join(',', needs.Select(needed => $$"""{"value":"bulkId:{{needed}}"}"""));
        return kind switch
        {
            0 when needs.Length > 0 => $$$"""{"method":"POST","path":"/Users","bulkId":"{{{index}}}","data":{"userName":"bulkId:{{{needs[0]}}}"}}""",
            0 or 1 => $$$"""{"method":"POST","path":"/Users","bulkId":"{{{index}}}","data":{"userName":"{{{name}}}"}}""",
            2 or 3 => $$$"""{"method":"POST","path":"/Groups","bulkId":"{{{index}}}","data":{"displayName":"{{{name}}}","members":[{{{members}}}]}}""",
            4 => $$$"""{"method":"PATCH","path":"/Groups/{{{name}}}","data":{"members":[{{{members}}}]}}""",
            _ => $$$"""{"method":"DELETE","path":"/Groups/{{{name}}}"}""",
        };
    }

    private static BulkRequest Parse(string[] operations) => BulkRequest.Parse(
        JsonElement.Parse($$"""{"schemas":["{{BulkRequest.SchemaUrn}}"],"Operations":[{{string.Join(',', operations)}}]}"""), Schemas, new ScimLimits(), new Dictionary<int, ScimException>());
}
