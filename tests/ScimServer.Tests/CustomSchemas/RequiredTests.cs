using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>RFC 7644 §3.5.2.2: the removal of what is required is 400 mutability, also of a part and of a whole extension.</summary>
public sealed class RequiredTests
{
    [SkippableTheory]
    [EachDatabase("""{"op":"remove","path":"certificateInfo.subjectName"}""", "mutability")]
    [EachDatabase("""{"op":"remove","path":"applicationName"}""", "mutability")]
    [EachDatabase("""{"op":"replace","path":"certificateInfo.subjectName","value":null}""", "invalidValue")]
    [EachDatabase("""{"op":"replace","path":"certificateInfo","value":{"subjectName":""}}""", "invalidValue")]
    public async Task A_required_sub_attribute_cannot_be_removed(Database database, string operation, string scimType)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var app = (await scim.PostAsync("/EndpointApps", """{"applicationType":"telemetry","applicationName":"x","certificateInfo":{"rootCA":"eA==","subjectName":"s"}}""")).Expect(201).Object;
        var path = $"/EndpointApps/{app["id"]}";

        var detail = (await scim.PatchAsync(path, """{"op":"replace","path":"applicationName","value":"y"},""" + operation)).ExpectError(400, scimType);

        Assert.StartsWith("Operations[1]: ", detail, StringComparison.Ordinal);
        Assert.Equal("W/\"1\"", (await scim.GetAsync(path)).ETag);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_required_sub_attribute_may_be_set_again_in_the_same_PATCH_or_go_with_the_whole(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var app = (await scim.PostAsync("/EndpointApps", """{"applicationType":"telemetry","applicationName":"x","certificateInfo":{"rootCA":"eA==","subjectName":"s"}}""")).Expect(201).Object;
        var path = $"/EndpointApps/{app["id"]}";

        var again = (await scim.PatchAsync(path, """{"op":"remove","path":"certificateInfo.subjectName"},{"op":"add","path":"certificateInfo.subjectName","value":"t"}""")).Expect(200).Object;
        JsonAssert.Equal("""{"rootCA":"eA==","subjectName":"t"}""", again["certificateInfo"]);
        JsonAssert.Has("""{"certificateInfo":null}""", (await scim.PatchAsync(path, """{"op":"remove","path":"certificateInfo"}""")).Expect(200).Object);
    }
}
