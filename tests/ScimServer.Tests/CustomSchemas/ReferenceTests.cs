using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>References between resource types, and resources of other types as members of groups (RFC 9944 §4).</summary>
public sealed class ReferenceTests
{
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
}
