using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Entra;

public sealed class ProtocolTests
{
    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_73_schemas_lists_user_group_and_enterprise_user_without_nulls(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var answer = (await scim.GetAsync("/Schemas")).Expect(200);

        Assert.Equal([ScimClient.User, ScimClient.Group, ScimClient.Enterprise], answer.Ids.Take(3));
        Assert.DoesNotContain("null", answer.Text, StringComparison.Ordinal);
        Assert.Contains("\"readWrite\"", answer.Text, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase((string?)null)]
    [EachDatabase("")]
    [EachDatabase("wrong")]
    [EachDatabase("scim_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLM")]
    public async Task ENTRA_76_bad_credentials_are_401_with_a_challenge_and_an_error_body(Database database, string? token)
    {
        var scim = (await TestServers.NewTenantAsync(database)).WithToken(token);

        var answer = await scim.GetAsync("/Users?filter=userName%20eq%20%22x%22");

        answer.ExpectError(401);
        Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_81_an_object_that_vanished_is_404_and_is_not_created_again(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync();
        (await scim.DeleteAsync($"/Users/{user["id"]}")).Expect(204);

        (await scim.GetAsync($"/Users/{user["id"]}")).ExpectError(404);
        (await scim.PatchAsync($"/Users/{user["id"]}", """{"op":"Replace","path":"active","value":"True"}""")).ExpectError(404);
        (await scim.PutAsync($"/Users/{user["id"]}", user.ToJsonString())).ExpectError(404);
        Assert.Equal(0, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_82_an_invalid_value_is_400_with_a_detail_that_names_it(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync();

        var detail = (await scim.PatchAsync($"/Users/{user["id"]}", """{"op":"Replace","path":"active","value":"perhaps"}""")).ExpectError(400, "invalidValue");

        Assert.Contains("active", detail, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase("application/scim+json")]
    [EachDatabase("application/scim+json; charset=utf-8")]
    [EachDatabase("application/json")]
    [EachDatabase("application/json; charset=\"UTF-8\"")]
    [EachDatabase("APPLICATION/SCIM+JSON")]
    public async Task ENTRA_83_content_types_of_writes(Database database, string contentType)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var created = (await scim.PostAsync("/Users", $$"""{"schemas":["{{ScimClient.User}}"],"userName":"a"}""", ("Content-Type", contentType))).Expect(201);

        Assert.Equal("application/scim+json", created.ContentType);
        (await scim.PatchAsync($"/Users/{created.Object["id"]}", """{"op":"Add","path":"title","value":"T"}""", ("Content-Type", contentType))).Expect(200);
        (await scim.GetAsync($"/Users/{created.Object["id"]}")).Expect(200);
        (await scim.DeleteAsync($"/Users/{created.Object["id"]}")).Expect(204);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_84_the_flag_of_the_tenant_URL_is_ignored_when_it_reaches_the_server(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var user = (await scim.PostAsync("/Users?aadOptscim062020", $$"""{"schemas":["{{ScimClient.User}}"],"userName":"a"}""")).Expect(201).Object;

        Assert.Single((await scim.GetAsync("/Users?aadOptscim062020&filter=userName%20eq%20%22a%22")).Expect(200).Ids);
        Assert.True(JsonNode.DeepEquals(user, (await scim.GetAsync($"/Users/{user["id"]}?AzureAdScimPatch2017=1")).Expect(200).Object));
    }
}
