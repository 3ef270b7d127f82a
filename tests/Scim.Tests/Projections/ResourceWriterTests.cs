using System.IO.Pipelines;
using System.Text.Json.Nodes;
using CsCheck;
using Scim.Projections;
using Scim.Resources;

namespace Scim.Tests.Projections;

public sealed class ResourceWriterTests
{
    private static readonly string[] Awkward = ["{", "[", "\"", "\\", "é", "🙂", "\u2028", "},{", "a\"b", "\u0001"];

    private static readonly Gen<string> Text = Gen.OneOf(Gen.String, Gen.Int[0, 9].Select(i => Awkward[i]))
        .Select(text => new string(text.Where(c => !char.IsSurrogate(c) || text == "🙂").ToArray()) is { Length: > 0 } usable ? usable : "x");

    [Fact]
    public async Task A_resource_is_written_with_what_is_computed()
    {
        var json = await Written.JsonAsync(Written.User, Projection.Default(TestTypes.User));
        AssertJson("""{"resourceType":"User","created":"2011-08-01T18:29:49.793Z","lastModified":"2011-08-01T18:29:49.007Z","version":"W/\"3\"","location":"https://example.com/scim/v2/Users/2819c223-7f76-453a-919d-413861904646"}""", json["meta"]);
        AssertJson("""{"value":"0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f","$ref":"https://example.com/scim/v2/Users/0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f","displayName":"John \"Boss\" Smith"}""", json[Written.Enterprise]!["manager"]);
        AssertJson(
            """
            [{"value":"0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f","$ref":"https://example.com/scim/v2/Groups/0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f","display":"Tour Guides","type":"direct"},
             {"value":"2819c223-7f76-453a-919d-413861904646","$ref":"https://example.com/scim/v2/Groups/2819c223-7f76-453a-919d-413861904646","type":"indirect"}]
            """,
            json["groups"]);
        Assert.Equal("Bärbel \"B\" 🙂", (string?)json["name"]!["givenName"]);
    }

    [Fact]
    public async Task What_is_computed_replaces_what_was_stored_in_its_place()
    {
        var stored = Written.NewUser("""{"schemas":[],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"$ref":"http://stale","displayName":"Stale","value":"x"}}}""");
        var json = await Written.JsonAsync(stored with { Reference = Written.User.Reference }, Projection.Default(TestTypes.User));
        AssertJson("""{"value":"x","$ref":"https://example.com/scim/v2/Users/0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f","displayName":"John \"Boss\" Smith"}""", json[Written.Enterprise]!["manager"]);
    }

    [Fact]
    public async Task A_manager_that_is_not_here_is_sent_as_stored()
    {
        var json = await Written.JsonAsync(Written.User with { Reference = null }, Projection.Default(TestTypes.User));
        AssertJson("""{"value":"0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f"}""", json[Written.Enterprise]!["manager"]);
    }

    [Fact]
    public async Task Members_are_written_with_address_display_and_type()
    {
        var json = await Written.JsonAsync(Written.NewGroup(Written.Members(2)), Projection.Default(TestTypes.Group));
        AssertJson(
            """
            [{"value":"00000000-0000-0000-0000-000000000000","$ref":"https://example.com/scim/v2/Users/00000000-0000-0000-0000-000000000000","display":"M","type":"User"},
             {"value":"00000001-0000-0000-0000-000000000000","$ref":"https://example.com/scim/v2/Groups/00000001-0000-0000-0000-000000000000","display":"M","type":"Group"}]
            """,
            json["members"]);
    }

    [Fact]
    public async Task Lists_without_elements_are_left_out()
    {
        Assert.False((await Written.JsonAsync(Written.NewGroup(Written.Members(0)), Projection.Default(TestTypes.Group))).ContainsKey("members"));
        Assert.False((await Written.JsonAsync(Written.NewGroup(Written.Members(3, null)), Projection.Parse(TestTypes.Group, "members.display", null))).ContainsKey("members"));
        Assert.False((await Written.JsonAsync(Written.User with { Groups = [] }, Projection.Default(TestTypes.User))).ContainsKey("groups"));
        Assert.False((await Written.JsonAsync(Written.User with { Groups = [new GroupReference(Written.Id, null, true)] }, Projection.Parse(TestTypes.User, "groups.display", null))).ContainsKey("groups"));
    }

    [Fact]
    public async Task Members_that_were_not_asked_for_are_not_read()
    {
        static async IAsyncEnumerable<MemberReference> Trap()
        {
            await Task.Yield();
            Assert.Fail("read");
            yield break;
        }

        Assert.False((await Written.JsonAsync(Written.NewGroup(Trap()), Projection.Parse(TestTypes.Group, null, "members"))).ContainsKey("members"));
    }

    [Fact]
    public async Task Many_members_are_sent_while_they_are_read()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024));
        var writing = ResourceWriter.WriteAsync(pipe.Writer, Written.NewGroup(Written.Members(5_000)), Projection.Default(TestTypes.Group), Written.Address, default).AsTask();
        Assert.NotEqual(writing, await Task.WhenAny(writing, Task.Delay(300)));

        using var text = new MemoryStream();
        var copying = pipe.Reader.CopyToAsync(text);
        await writing;
        await pipe.Writer.CompleteAsync();
        await copying;
        Assert.Equal(5_000, JsonNode.Parse(text.ToArray())!["members"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_client_that_has_gone_ends_the_writing()
    {
        var pipe = new Pipe();
        await pipe.Reader.CompleteAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await ResourceWriter.WriteAsync(pipe.Writer, Written.NewGroup(Written.Members(100_000)), Projection.Default(TestTypes.Group), Written.Address, default));
    }

    [Fact]
    public void Copied_bytes_and_the_pass_over_the_document_give_the_same() => Documents.Sample(
        root =>
        {
            var document = new ResourceDocument(TestTypes.User, root);
            var resource = Written.User with { Document = document.ToUtf8(), Reference = null };
            var copying = Projection.Default(TestTypes.User);
            var passing = Projection.Parse(TestTypes.User, null, "password,title");
            Assert.True(copying.CopiesDocument);
            Assert.False(passing.CopiesDocument);
            root.Remove("title");
            var expected = Written.TextAsync(resource with { Document = document.ToUtf8() }, copying).Result;
            Assert.Equal(expected, Written.TextAsync(resource, passing).Result);
            Assert.True(JsonNode.DeepEquals(document.Root["name"], JsonNode.Parse(expected)!["name"]));
        },
        iter: 300);

    [Fact]
    public void Every_text_comes_back_as_it_was() => Text.Sample(
        text =>
        {
            var user = Written.User with { Groups = [new GroupReference(Written.Id, text, true)] };
            Assert.Equal(text, (string?)Written.JsonAsync(user, Projection.Default(TestTypes.User)).Result["groups"]![0]!["display"]);
        },
        iter: 300);

    [Fact]
    public async Task A_list_names_its_totals_and_holds_the_resources()
    {
        var json = await Written.ListAsync(7, 3, [Written.User, Written.User], Projection.Parse(TestTypes.User, "userName", null));
        AssertJson(
            """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":7,"startIndex":3,"itemsPerPage":2,"Resources":[
              {"id":"2819c223-7f76-453a-919d-413861904646","schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"userName":"bjensen"},
              {"id":"2819c223-7f76-453a-919d-413861904646","schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"userName":"bjensen"}]}
            """,
            json);
    }

    [Fact]
    public async Task An_empty_list_still_has_resources()
    {
        var json = await Written.ListAsync(0, 1, [], Projection.Default(TestTypes.User));
        Assert.Empty(json["Resources"]!.AsArray());
        Assert.Equal(0, (int?)json["itemsPerPage"]);
    }

    [Fact]
    public async Task A_list_larger_than_the_buffer_is_whole()
    {
        var json = await Written.ListAsync(200, 1, [.. Enumerable.Repeat(Written.User, 200)], Projection.Default(TestTypes.User));
        Assert.Equal(200, json["Resources"]!.AsArray().Count);
    }

    private static Gen<JsonObject> Documents =>
        from user in Text
        from title in Text
        from given in Text
        from emails in Gen.Select(Text, Gen.Bool).Array[0, 3]
        from department in Text
        select Document(user, title, given, emails, department);

    private static JsonObject Document(string user, string title, string given, (string, bool)[] emails, string department)
    {
        var root = new JsonObject { ["userName"] = user, ["title"] = title, ["name"] = new JsonObject { ["givenName"] = given } };
        if (emails.Length > 0)
        {
            root["emails"] = new JsonArray([.. emails.Select(e => new JsonObject { ["value"] = e.Item1, ["primary"] = e.Item2 })]);
        }

        root[Written.Enterprise] = new JsonObject { ["department"] = department };
        return root;
    }

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
