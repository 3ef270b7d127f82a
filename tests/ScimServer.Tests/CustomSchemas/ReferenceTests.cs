using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Erasure;
using Scim.EntityFrameworkCore.Provisioning;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>References between resource types, and resources of other types as members of groups (RFC 9944 §4).</summary>
public sealed class ReferenceTests
{
    private const string CostCenter = "urn:example:scim:schemas:1.0:CostCenter";

    [SkippableTheory]
    [EachDatabase]
    public async Task A_reference_shows_what_it_names_and_is_gone_with_it(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync(more: """ "displayName":"Ada" """);
        var first = "/Samples/" + await scim.CreateSampleAsync("first", $$""" "owner":{"value":"{{user}}","displayName":"forged"} """);
        var second = "/Samples/" + await scim.CreateSampleAsync("second", $$""" "owner":{"value":"{{first.Split('/')[2]}}"} """);

        JsonAssert.Equal($$"""{"value":"{{user}}","$ref":"{{scim.BaseUrl}}/Users/{{user}}","displayName":"Ada"}""", (await scim.GetAsync(first)).Object["owner"]);
        JsonAssert.Has($$"""{"$ref":"{{scim.BaseUrl}}{{first}}","displayName":"first"}""", (await scim.GetAsync(second)).Object["owner"]!.AsObject());
        Assert.Equal("first", await scim.LabelsAsync($"owner.value eq \"{user}\""));

        (await scim.DeleteAsync($"/Users/{user}")).Expect(204);
        (await scim.DeleteAsync(first)).Expect(204);

        var left = (await scim.GetAsync(second)).Expect(200);
        JsonAssert.Has("""{"owner":null}""", left.Object);
        Assert.Equal("W/\"2\"", left.ETag);
    }

    /// <summary>The user's own reference, the manager, is still found when users are referred to by other types as well.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Deleting_a_user_clears_every_kind_of_reference_to_it(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var boss = await scim.CreateUserIdAsync();
        var user = await scim.CreateUserIdAsync(more: $$$""" "{{{ScimClient.Enterprise}}}":{"manager":{"value":"{{{boss}}}"}} """);
        var sample = await scim.CreateSampleAsync("S", $$""" "owner":{"value":"{{boss}}"} """);

        (await scim.DeleteAsync($"/Users/{boss}")).Expect(204);

        JsonAssert.Has($$"""{"{{ScimClient.Enterprise}}":null}""", (await scim.GetAsync($"/Users/{user}")).Object);
        JsonAssert.Has("""{"owner":null}""", (await scim.GetAsync($"/Samples/{sample}")).Object);
    }

    /// <summary>RFC 7644 §3.6. A group that loses its owner and a member in one changes once: one version, and one event that is a PATCH (EVT-15).</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Deleting_who_is_member_and_owner_of_a_group_changes_the_group_once(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var events = await EventsClient.OfAsync(scim);
        var (user, other) = (await scim.CreateUserIdAsync("ada", """ "externalId":"00u1" """), await scim.CreateUserIdAsync());
        var both = await CreateGroupAsync(scim, "both", user, user, other);
        var owned = await CreateGroupAsync(scim, "owned", user, other);
        var joined = await CreateGroupAsync(scim, "joined", other, user);
        var report = await scim.CreateUserIdAsync(more: $$$""" "{{{ScimClient.Enterprise}}}":{"manager":{"value":"{{{user}}}"}} """);
        var cursor = await events.CursorAsync();

        (await scim.DeleteAsync($"/Users/{user}")).Expect(204);

        var told = (await events.ReadAllAsync(cursor)).Events.ConvertAll(one => one["data"]!.AsObject());
        Assert.Equal(new[] { both, owned, joined, report }.Order(StringComparer.Ordinal), told[..^1].Select(one => (string)one["id"]!).Order(StringComparer.Ordinal));
        Assert.Equal(user, (string?)told[^1]["id"]);
        Assert.Single(told.Select(one => (string?)one["txn"]).Distinct());
        Assert.All(told, one => Assert.Equal(2, (int)one["version"]!));
        JsonAssert.Equal(
            $$"""
            {"attributes":["{{CostCenter}}:owner.value","members"],"operations":[
              {"op":"remove","path":"{{CostCenter}}:owner.value","previous":"{{user}}"},
              {"op":"remove","path":"members","value":[{"value":"{{user}}","type":"User","externalId":"00u1"}]}]}
            """,
            ChangeOf(both));
        Assert.Equal([CostCenter + ":owner.value"], ChangeOf(owned)["attributes"]!.AsArray().Select(path => (string?)path));
        Assert.Equal(["members"], ChangeOf(joined)["attributes"]!.AsArray().Select(path => (string?)path));
        Assert.Equal(new[] { both, joined }.Order(StringComparer.Ordinal), ChangeOf(user)["groups"]!.AsArray().Select(group => (string)group!["value"]!).Order(StringComparer.Ordinal));

        var left = (await scim.GetAsync($"/Groups/{both}")).Expect(200);
        Assert.Equal("W/\"2\"", left.ETag);
        JsonAssert.Has($$"""{"schemas":["{{ScimClient.Group}}"],"{{CostCenter}}":null}""", left.Object);
        Assert.Equal([other], await scim.MembersAsync(both));
        Assert.Empty((await scim.FindAsync("/Groups", $"{CostCenter}:owner.value eq \"{user}\"")).Expect(200).Ids);

        JsonNode ChangeOf(string id) => told.Single(one => (string?)one["id"] == id)["change"]!;
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Deleting_a_group_that_is_member_and_owner_of_a_group_changes_that_one_once(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var inner = await scim.CreateGroupIdAsync("inner");
        var outer = await CreateGroupAsync(scim, "outer", inner, inner);
        (await scim.PatchAsync($"/Groups/{inner}", $$"""{"op":"add","path":"{{CostCenter}}:owner","value":{"value":"{{outer}}"} },{"op":"add","path":"members","value":[{"value":"{{outer}}"}] }""")).Expect(204);

        var bulk = $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"DELETE","path":"/Groups/{{inner}}"}]}""";
        JsonAssert.Has("""{"status":"204"}""", (await scim.PostAsync("/Bulk", bulk)).Expect(200).Object["Operations"]![0]!.AsObject());

        var left = (await scim.GetAsync($"/Groups/{outer}")).Expect(200);
        Assert.Equal("W/\"2\"", left.ETag);
        JsonAssert.Has($$"""{"{{CostCenter}}":null,"members":null}""", left.Object);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Who_is_member_and_owner_of_a_group_can_be_erased(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var events = await EventsClient.OfAsync(scim);
        var user = await scim.CreateUserIdAsync("ada", """ "externalId":"00u1" """);
        var group = await CreateGroupAsync(scim, "both", user, user);
        var cursor = await events.CursorAsync();

        var erased = await scim.Server.Services.GetRequiredService<PersonErasure>().RunAsync(scim.Tenant, Guid.Parse(user), RequestReference.Create(DateTimeOffset.UtcNow), default);

        Assert.Equal((1, 1, 1), (erased.Resources, erased.Memberships, erased.References));
        var told = (await events.ReadAllAsync(cursor)).Events;
        Assert.Equal([(group, 2), (user, 2)], told.Select(one => ((string)one["data"]!["id"]!, (int)one["data"]!["version"]!)));
        Assert.DoesNotContain("00u1", string.Concat(told.Select(one => one.ToJsonString())), StringComparison.Ordinal);
        Assert.Equal("W/\"2\"", (await scim.GetAsync($"/Groups/{group}")).ETag);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_device_can_be_a_member_and_shows_its_groups(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var device = (string)(await scim.PostAsync("/Devices", """{"active":true,"displayName":"Door"}""")).Expect(201).Object["id"]!;
        var user = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupIdAsync("Things", device, user);

        var members = (await scim.GetAsync($"/Groups/{group}")).Object["members"]!.AsArray().Select(member => member!.AsObject()).ToDictionary(member => (string)member["value"]!);
        JsonAssert.Has($$"""{"type":"Device","display":"Door","$ref":"{{scim.BaseUrl}}/Devices/{{device}}"}""", members[device]);
        JsonAssert.Equal(
            $$"""[{"value":"{{group}}","$ref":"{{scim.BaseUrl}}/Groups/{{group}}","display":"Things","type":"direct"}]""",
            (await scim.GetAsync($"/Devices/{device}")).Object["groups"]);
        Assert.Equal([device], (await scim.FindAsync("/Devices", $"groups.value eq \"{group}\"")).Expect(200).Ids);
        Assert.Equal([group], (await scim.FindAsync("/Groups", "members.type eq \"Device\"")).Expect(200).Ids);

        (await scim.DeleteAsync($"/Devices/{device}")).Expect(204);
        Assert.Equal([user], await scim.MembersAsync(group));
        Assert.Equal("W/\"2\"", (await scim.GetAsync($"/Groups/{group}")).ETag);
    }

    /// <summary>The schema of groups names the types that can be members; what is none of them is unknown there.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task What_has_no_groups_cannot_be_a_member(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var sample = await scim.CreateSampleAsync("S");
        var group = await scim.CreateGroupIdAsync();

        var refused = await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{sample}}"}]}""");

        Assert.Contains(sample, refused.ExpectError(400, "invalidValue"), StringComparison.Ordinal);
        (await scim.PostAsync("/Groups", $$"""{"displayName":"g","members":[{"value":"{{sample}}"}]}""")).ExpectError(400, "invalidValue");
        Assert.Empty(await scim.MembersAsync(group));
    }

    private static async Task<string> CreateGroupAsync(ScimClient scim, string name, string owner, params string[] members) => (string)(await scim.PostAsync(
        "/Groups",
        $$$"""{"displayName":"{{{name}}}","{{{CostCenter}}}":{"owner":{"value":"{{{owner}}}"}},"members":[{{{string.Join(',', members.Select(id => $$"""{"value":"{{id}}"}"""))}}}]}"""))
        .Expect(201).Object["id"]!;
}
