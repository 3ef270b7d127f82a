using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.References;

/// <summary>Who is named by <c>$ref</c> alone (RFC 7643 §2.3.7, §4.2, §4.3): a manager, or a member of a group.</summary>
public sealed class AddressTests
{
    private const string Ent = ScimClient.Enterprise;

    [SkippableTheory]
    [EachDatabase("{base}/Users/{id}")]
    [EachDatabase("../Users/{id}")]
    [EachDatabase("Users/{id}")]
    [EachDatabase("/Users/{id}")]
    [EachDatabase("/scim/v2/Users/{id}")]
    public async Task A_manager_is_the_user_at_the_address(Database database, string address)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var boss = await scim.CreateUserIdAsync("boss", """ "displayName":"The Boss" """);
        var reference = address.Replace("{base}", scim.BaseUrl, StringComparison.Ordinal).Replace("{id}", boss, StringComparison.Ordinal);
        var manager = $$$"""{"{{{Ent}}}":{"manager":{"value":"{{{boss}}}","displayName":"The Boss","$ref":"{{{scim.BaseUrl}}}/Users/{{{boss}}}"}} }""";

        var created = await scim.CreateUserAsync("a", $$$""" "{{{Ent}}}":{"manager":{"$ref":"{{{reference}}}"}} """);
        JsonAssert.Has(manager, created);
        var path = $"/Users/{created["id"]}";
        var read = await scim.GetAsync(path);
        JsonAssert.Has(manager, read.Object);
        Assert.Equal(read.Text, (await scim.PutAsync(path, read.Text)).Expect(200).Text);

        string[] operations =
        [
            $$"""{"op":"replace","path":"{{Ent}}:manager","value":{"$ref":"{{reference}}"} }""",
            $$"""{"op":"add","path":"{{Ent}}:manager","value":{"$REF":"{{reference}}","displayName":"Wrong"} }""",
            $$"""{"op":"add","path":"{{Ent}}:manager.$ref","value":"{{reference}}"}""",
            $$$"""{"op":"add","value":{"{{{Ent}}}":{"manager":{"$ref":"{{{reference}}}"}} } }""",
            $$"""{"op":"replace","value":{"{{Ent}}:manager.$ref":"{{reference}}"} }""",
        ];
        foreach (var operation in operations)
        {
            (await scim.PutAsync(path, """{"userName":"a"}""")).Expect(200);
            JsonAssert.Has(manager, (await scim.PatchAsync(path, operation)).Expect(200).Object);
        }

        JsonAssert.Has(manager, (await scim.PutAsync(path, $$$"""{"userName":"a","{{{Ent}}}":{"manager":{"$ref":"{{{reference}}}"}} }""")).Expect(200).Object);
        Assert.Equal("a", (string)(await scim.FindAsync("/Users", $"manager.value eq \"{boss}\"")).Resources.Single()!["userName"]!);
    }

    /// <summary>RFC 7643 §4.3. What is silently dropped is taken for a success.</summary>
    [SkippableTheory]
    [EachDatabase("\"https://elsewhere.example/scim/v2/Users/{user}\"")]
    [EachDatabase("\"{base}/Groups/{group}\"")]
    [EachDatabase("\"{base}/Users/nobody\"")]
    [EachDatabase("\"{base}/Users/{user}?x\"")]
    [EachDatabase("\"{user}\"")]
    [EachDatabase("\"javascript:alert(1)\"")]
    [EachDatabase("{}")]
    public async Task An_address_that_is_none_of_a_user_here_is_refused_and_changes_nothing(Database database, string address)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (user, group) = (await scim.CreateUserIdAsync("boss"), await scim.CreateGroupIdAsync());
        var path = $"/Users/{await scim.CreateUserIdAsync("a", $$$""" "{{{Ent}}}":{"manager":{"value":"{{{user}}}"}} """)}";
        var reference = address.Replace("{base}", scim.BaseUrl, StringComparison.Ordinal).Replace("{user}", user, StringComparison.Ordinal).Replace("{group}", group, StringComparison.Ordinal);
        var body = $$$"""{"userName":"a2","{{{Ent}}}":{"manager":{"$ref":{{{reference}}} } } }""";

        Assert.Contains("manager.$ref must be the address of a User of this server", (await scim.PostAsync("/Users", body)).ExpectError(400, "invalidValue"), StringComparison.Ordinal);
        (await scim.PutAsync(path, body)).ExpectError(400, "invalidValue");
        Assert.Contains(
            "Operations[0]: ", (await scim.PatchAsync(path, $$"""{"op":"replace","path":"{{Ent}}:manager","value":{"$ref":{{reference}} } }""")).ExpectError(400, "invalidValue"), StringComparison.Ordinal);
        (await scim.PatchAsync(path, $$"""{"op":"add","path":"manager.$ref","value":{{reference}}}""")).ExpectError(400, "invalidValue");
        (await scim.PatchAsync(path, $$"""{"op":"add","value":{"{{Ent}}:manager.$ref":{{reference}} } }""")).ExpectError(400, "invalidValue");

        Assert.Equal("W/\"1\"", (await scim.GetAsync(path)).ETag);
        Assert.Equal(2, (int)(await scim.GetAsync("/Users?count=0")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase("""{"op":"replace","path":"{ent}:manager","value":{"value":"{boss}","$ref":"http://elsewhere.example/1"}}""")]
    [EachDatabase("""{"op":"replace","value":{"{ent}:manager.$ref":"http://elsewhere.example/1","{ent}:manager.value":"{boss}"}}""")]
    [EachDatabase("""{"op":"replace","value":{"{ent}":{"manager.$ref":"http://elsewhere.example/1","manager":{"value":"{boss}"}}}}""")]
    [EachDatabase("""{"op":"replace","path":"{ent}:manager.$ref","value":null}""")]
    [EachDatabase("""{"op":"replace","path":"{ent}:manager.$ref","value":""}""")]
    [EachDatabase("""{"op":"remove","path":"{ent}:manager.$ref"}""")]
    [EachDatabase("""{"op":"add","path":"{ent}:manager","value":{"$ref":null}}""")]
    public async Task Beside_a_value_or_without_one_of_its_own_an_address_says_nothing(Database database, string operation)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var boss = await scim.CreateUserIdAsync("boss");
        var path = $"/Users/{await scim.CreateUserIdAsync("a", $$$""" "{{{Ent}}}":{"manager":{"value":"{{{boss}}}"}} """)}";
        var before = await scim.GetAsync(path);

        (await scim.PatchAsync(path, operation.Replace("{ent}", Ent, StringComparison.Ordinal).Replace("{boss}", boss, StringComparison.Ordinal))).Expect(200);

        Assert.Equal(before.Text, (await scim.GetAsync(path)).Text);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Members_are_named_by_their_addresses_too(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var users = await scim.CreateUserIdsAsync(3);
        var child = await scim.CreateGroupIdAsync();
        var group = (string)(await scim.PostAsync("/Groups", $$"""
            {"displayName":"g","members":[{"$ref":"{{scim.BaseUrl}}/Users/{{users[0]}}"},{"value":"{{users[1]}}","$ref":"http://wrong"},{"$ref":"../Groups/{{child}}"},{"value":"{{users[0]}}"}]}
            """)).Expect(201).Object["id"]!;
        Assert.Equal(new[] { users[0], users[1], child }.Sorted(), await scim.MembersAsync(group));

        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"$ref":"../Users/{{users[2]}}"}]},{"op":"remove","path":"members","value":[{"$ref":"../Users/{{users[0]}}"}]}""")).Expect(204);
        Assert.Equal(new[] { users[1], users[2], child }.Sorted(), await scim.MembersAsync(group));

        foreach (var member in (string[])["""{"$ref":"http://elsewhere.example/scim/v2/Users/0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f"}""", """{"$ref":"../Users/nobody"}""", """{"display":"x"}""", """{"$ref":null}"""])
        {
            (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{{member}}]}""")).ExpectError(400, "invalidValue");
            (await scim.PutAsync($"/Groups/{group}", $$"""{"displayName":"g","members":[{{member}}]}""")).ExpectError(400, "invalidValue");
        }

        Assert.Equal(3, (await scim.MembersAsync(group)).Length);
    }
}
