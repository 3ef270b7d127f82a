using System.Text.Json.Nodes;
using Scim.EntityFrameworkCore.Provisioning;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.SecurityEvents;

/// <summary>Changes as security event tokens (RFC 8417, RFC 9967).</summary>
public sealed class TokenTests
{
    private const string Full = """{"events_requested":["urn:ietf:params:scim:event:prov:create:full","urn:ietf:params:scim:event:prov:patch:full","urn:ietf:params:scim:event:prov:patch:notice","urn:ietf:params:scim:event:prov:delete","urn:ietf:params:scim:event:prov:activate","urn:ietf:params:scim:event:prov:deactivate"]}""";

    /// <summary>EVT-01, EVT-02, EVT-04, EVT-11, EVT-12, EVT-18: RFC 8417 §2.2, RFC 9967 §2.1, §2.2.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_token_has_the_claims_and_the_header_of_the_RFCs_and_no_others(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var receiver = await StreamsClient.OfAsync(scim);
        var stream = await receiver.CreateAsync();
        var id = (string)stream["stream_id"]!;
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var user = await scim.CreateUserIdAsync("bjensen", """ "externalId":"00u1" """);

        var set = Assert.Single(await receiver.TakeAsync(id));

        Assert.Equal(["alg", "kid", "typ"], set.Header.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(("ES256", "secevent+jwt"), ((string?)set.Header["alg"], (string?)set.Header["typ"]));
        Assert.Equal(["aud", "events", "iat", "iss", "jti", "sub_id", "toe", "txn"], set.Claims.Select(claim => claim.Key).Order(StringComparer.Ordinal));
        Assert.Equal($"{scim.Server.Address}tenants/{scim.Tenant.Id}", (string?)set.Claims["iss"]);
        JsonAssert.Equal(stream["aud"], set.Claims["aud"]);
        JsonAssert.Equal($$"""{"format":"scim","uri":"/Users/{{user}}","externalId":"00u1"}""", set.Claims["sub_id"]);
        Assert.InRange((long)set.Claims["toe"]!, before - 1, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.InRange((long)set.Claims["iat"]!, (long)set.Claims["toe"]!, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.True(RequestReference.TryParse((string?)set.Claims["txn"], out _));
    }

    /// <summary>EVT-10, EVT-14, EVT-15, EVT-17, EVT-19, EVT-23; RFC 9967 figures 5, 7, 9, 10.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_notice_stream_tells_which_attributes_changed(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var receiver = await StreamsClient.OfAsync(scim);
        var stream = await receiver.CreateIdAsync();
        var (user, group) = await LiveAsync(scim);

        var sets = await receiver.TakeAsync(stream);

        Expect(sets, $"/Users/{user}",
            """{"urn:ietf:params:scim:event:prov:create:notice":{"version":"W/\"1\"","attributes":["id","userName","name.familyName","active","emails","password"]}}""",
            """{"urn:ietf:params:scim:event:prov:patch:notice":{"version":"W/\"2\"","attributes":["title","password"]}}""",
            """{"urn:ietf:params:scim:event:prov:patch:notice":{"version":"W/\"3\"","attributes":["active"]},"urn:ietf:params:scim:event:prov:deactivate":{}}""",
            """{"urn:ietf:params:scim:event:prov:put:notice":{"version":"W/\"4\"","attributes":["userName","name.familyName","title","active","emails"]},"urn:ietf:params:scim:event:prov:activate":{}}""",
            """{"urn:ietf:params:scim:event:prov:patch:notice":{"version":"W/\"5\"","attributes":["password"]}}""",
            """{"urn:ietf:params:scim:event:prov:delete":{}}""");
        Expect(sets, $"/Groups/{group}",
            """{"urn:ietf:params:scim:event:prov:create:notice":{"version":"W/\"1\"","attributes":["id","displayName","members"]}}""",
            """{"urn:ietf:params:scim:event:prov:patch:notice":{"version":"W/\"2\"","attributes":["members"]}}""");
        Assert.Equal((string?)sets.Last(set => set.Uri == $"/Groups/{group}").Claims["txn"], (string?)sets[^1].Claims["txn"]);
        Assert.DoesNotContain("secret-", string.Join('\n', sets.Select(set => set.Claims.ToJsonString())), StringComparison.Ordinal);
    }

    /// <summary>EVT-16, EVT-20, EVT-23; RFC 9967 figures 4 and 6: what RFC 7644 §3.5.2 would send, so a removal of a member names it by a filter.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_full_stream_tells_the_change_itself_but_never_a_secret(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var receiver = await StreamsClient.OfAsync(scim);
        var stream = await receiver.CreateIdAsync(Full);
        var (user, group) = await LiveAsync(scim);

        var sets = await receiver.TakeAsync(stream);

        const string Patch = """{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":""";
        Expect(sets, $"/Users/{user}",
            $$$$"""
            {"urn:ietf:params:scim:event:prov:create:full":{"version":"W/\"1\"","data":{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"{{{{user}}}}",
             "userName":"a","name":{"familyName":"F"},"active":true,"emails":[{"value":"a@example.com","type":"work"}]}}}
            """,
            $$$"""{"urn:ietf:params:scim:event:prov:patch:full":{"version":"W/\"2\"","data":{{{Patch}}}[{"op":"add","path":"title","value":"T"}]}},"urn:ietf:params:scim:event:prov:patch:notice":{"version":"W/\"2\"","attributes":["password"]}}""",
            $$$"""{"urn:ietf:params:scim:event:prov:patch:full":{"version":"W/\"3\"","data":{{{Patch}}}[{"op":"replace","path":"active","value":false}]}},"urn:ietf:params:scim:event:prov:deactivate":{}}""",
            $$$"""
            {"urn:ietf:params:scim:event:prov:patch:full":{"version":"W/\"4\"","data":{{{Patch}}}[{"op":"replace","path":"userName","value":"b"},{"op":"remove","path":"name.familyName"},
             {"op":"remove","path":"title"},{"op":"replace","path":"active","value":true},{"op":"remove","path":"emails"}]}},"urn:ietf:params:scim:event:prov:activate":{}}
            """,
            """{"urn:ietf:params:scim:event:prov:patch:notice":{"version":"W/\"5\"","attributes":["password"]}}""",
            """{"urn:ietf:params:scim:event:prov:delete":{}}""");
        Expect(sets, $"/Groups/{group}",
            $$$$"""
            {"urn:ietf:params:scim:event:prov:create:full":{"version":"W/\"1\"","data":{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"{{{{group}}}}",
             "displayName":"G","members":[{"value":"{{{{user}}}}","$ref":"/Users/{{{{user}}}}","type":"User"}]}}}
            """,
            $$$$"""{"urn:ietf:params:scim:event:prov:patch:full":{"version":"W/\"2\"","data":{{{{Patch}}}}[{"op":"remove","path":"members[value eq \"{{{{user}}}}\"]"}]}}}""");
        Assert.DoesNotContain("secret-", string.Join('\n', sets.Select(set => set.Claims.ToJsonString())), StringComparison.Ordinal);
    }

    /// <summary>EVT-20: a change of thousands of members is several tokens of a full stream, and one notice.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_change_of_many_members_comes_in_parts(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var receiver = await StreamsClient.OfAsync(scim);
        var users = (await Bulk.BulkClient.BulkAsync(scim, [.. Enumerable.Range(0, 1000).Select(i => $$$"""{"method":"POST","path":"/Users","bulkId":"{{{i}}}","data":{"userName":"u{{{i}}}"}}""")]))
            .Select(result => ((string)result["location"]!).Split('/')[^1]).Append(await scim.CreateUserIdAsync()).ToArray();
        string[] streams = [await receiver.CreateIdAsync(), await receiver.CreateIdAsync(Full)];
        var group = await scim.CreateGroupIdAsync("G", users);

        Assert.Single(await receiver.TakeAsync(streams[0]));
        var parts = await receiver.TakeAsync(streams[1]);

        Assert.Equal(["create:full", "patch:full"], parts.Select(part => Assert.Single(part.Events).Key[StreamsClient.Prefix.Length..]));
        Assert.Equal(2, parts.Select(part => part.Jti).Distinct().Count());
        Assert.Single(parts.Select(part => (string)part.Claims["txn"]!).Distinct());
        var told = parts[0].Events[StreamsClient.Prefix + "create:full"]!["data"]!["members"]!.AsArray()
            .Concat(parts[1].Events[StreamsClient.Prefix + "patch:full"]!["data"]!["Operations"]![0]!["value"]!.AsArray()).Select(member => (string)member!["value"]!);
        Assert.Equal(await scim.MembersAsync(group), told.Order(StringComparer.Ordinal));
    }

    private static async Task<(string User, string Group)> LiveAsync(ScimClient scim)
    {
        var user = await scim.CreateUserIdAsync("a", """ "name":{"familyName":"F"},"emails":[{"value":"a@example.com","type":"work"}],"password":"secret-1" """);
        (await scim.PatchAsync($"/Users/{user}", """{"op":"add","path":"title","value":"T"},{"op":"replace","path":"password","value":"secret-2"}""")).Expect(200);
        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"active","value":false}""")).Expect(200);
        (await scim.PutAsync($"/Users/{user}", """{"userName":"b","active":true}""")).Expect(200);
        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"password","value":"secret-3"}""")).Expect(200);
        var group = await scim.CreateGroupIdAsync("G", user);
        (await scim.DeleteAsync($"/Users/{user}")).Expect(204);
        (await scim.PostAsync("/Users", """{"userName":""}""")).Expect(400);
        return (user, group);
    }

    private static void Expect(IEnumerable<VerifiedSet> sets, string uri, params string[] events)
    {
        var told = sets.Where(set => set.Uri == uri).ToList();
        Assert.Equal(events.Length, told.Count);
        for (var i = 0; i < events.Length; i++)
        {
            JsonAssert.Equal(JsonNode.Parse(events[i]), told[i].Events);
        }
    }
}
