using System.Text;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Users;

/// <summary>Rarer requests that must not surprise anyone.</summary>
public sealed class UserEdgeTests
{
    private const string Ent = ScimClient.Enterprise;

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC9110_9_3_2_HEAD_answers_the_headers_of_GET_without_a_body(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();

        foreach (var path in new[] { $"/Users/{id}", "/Users", "/ServiceProviderConfig" })
        {
            var head = (await scim.SendAsync(HttpMethod.Head, path)).Expect(200);
            Assert.Empty(head.Text);
            Assert.Equal((await scim.GetAsync(path)).ETag, head.ETag);
            Assert.Equal(ScimClient.MediaType, head.ContentType);
        }

        Assert.Equal(404, (await scim.SendAsync(HttpMethod.Head, "/Users/none")).Status);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_user_may_be_its_own_manager_and_can_be_deleted(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("self");
        (await scim.PatchAsync($"/Users/{id}", $$"""{"op":"add","path":"{{Ent}}:manager","value":"{{id}}"}""")).Expect(200);

        Assert.Equal("self", (string?)(await scim.GetAsync($"/Users/{id}")).Object[Ent]!["manager"]!["displayName"]);
        (await scim.DeleteAsync($"/Users/{id}")).Expect(204);
        Assert.Equal(0, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_group_may_be_a_member_of_itself_and_can_be_deleted(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupIdAsync("Loop", user);

        var answer = await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{group}}"}]}""");

        Assert.True(answer.Status is 204 or 400, answer.Text);
        Assert.Single((await scim.GetAsync($"/Users/{user}")).Expect(200).Object["groups"]!.AsArray());
        (await scim.DeleteAsync($"/Groups/{group}")).Expect(204);
        Assert.False((await scim.GetAsync($"/Users/{user}")).Object.ContainsKey("groups"));
    }

    [SkippableTheory]
    [EachDatabase("gzip", 400)]
    [EachDatabase("compress", 415)]
    [EachDatabase("identity", 201)]
    public async Task A_body_with_a_content_encoding_is_not_read_as_plain_JSON(Database database, string encoding, int status)
    {
        var scim = await TestServers.NewTenantAsync(database);
        using var request = new HttpRequestMessage(HttpMethod.Post, scim.BaseUrl + "/Users") { Content = new StringContent("""{"userName":"a"}""", Encoding.UTF8, ScimClient.MediaType) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + scim.Token);
        request.Content.Headers.ContentEncoding.Add(encoding);

        Assert.Equal(status, (await scim.SendAsync(request)).Status);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_body_without_a_content_type_is_taken_for_JSON(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        using var request = new HttpRequestMessage(HttpMethod.Post, scim.BaseUrl + "/Users") { Content = new ByteArrayContent("""{"userName":"a"}"""u8.ToArray()) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + scim.Token);

        (await scim.SendAsync(request)).Expect(201);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Ids_are_found_in_any_spelling_of_a_UUID_only_where_they_are_meant(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();

        Assert.Equal([id], (await scim.FindAsync("/Users", $"id eq \"{id}\"")).Expect(200).Ids);
        Assert.Empty((await scim.FindAsync("/Users", $"id eq \"{id}x\"")).Expect(200).Ids);
        Assert.Empty((await scim.FindAsync("/Users", "id eq \"\"")).Expect(200).Ids);
        Assert.Equal([id], (await scim.FindAsync("/Users", "id ne \"nonsense\"")).Expect(200).Ids);
        Assert.Equal([id], (await scim.FindAsync("/Users", $"id sw \"{id[..8]}\" and id pr")).Expect(200).Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Values_of_several_elements_of_one_type_are_kept_in_order(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var mails = string.Join(',', Enumerable.Range(0, 50).Select(i => $$"""{"type":"work","value":"m{{i}}@x.y"}"""));
        var user = await scim.CreateUserAsync(more: $"\"emails\":[{mails}]");

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"m{i}@x.y"), user["emails"]!.AsArray().Select(mail => (string)mail!["value"]!));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Clients_that_give_the_same_email_twice_get_it_back_without_an_error(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var user = await scim.CreateUserAsync(more: """ "emails":[{"type":"work","value":"a@x.y"},{"type":"work","value":"a@x.y"}] """);

        Assert.All(user["emails"]!.AsArray(), mail => JsonAssert.Equal("""{"type":"work","value":"a@x.y"}""", mail));
    }
}
