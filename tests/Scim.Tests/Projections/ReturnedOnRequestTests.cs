using System.Text.Json.Nodes;
using Scim.Patching;
using Scim.Projections;
using Scim.Resources;
using Scim.Schemas;
using Scim.Tests.Patching;

namespace Scim.Tests.Projections;

/// <summary>
/// Attributes that are <c>returned: request</c>: "in response to any PUT, POST, or PATCH operations if the attribute was specified by the
/// client" (RFC 7643 §7). The schemas of the RFC have none.
/// </summary>
public sealed class ReturnedOnRequestTests
{
    private static readonly ResourceType Badge = new()
    {
        Name = "Badge",
        Endpoint = "/Badges",
        Schema = SchemaReader.Read("""
            {"id":"urn:example:Badge","name":"Badge","attributes":[
              {"name":"number","type":"string"},
              {"name":"photo","type":"binary","returned":"request"},
              {"name":"holder","type":"complex","subAttributes":[{"name":"name","type":"string"},{"name":"iris","type":"string","returned":"request"}]},
              {"name":"prints","type":"complex","multiValued":true,"subAttributes":[{"name":"type","type":"string"},{"name":"value","type":"string","returned":"request"}]}]}
            """),
        Extensions = [new SchemaExtension(SchemaReader.Read("""
            {"id":"urn:example:Access","name":"Access","attributes":[{"name":"doors","type":"string","multiValued":true,"returned":"request"},{"name":"level","type":"string"}]}
            """), Required: false)],
        CommonAttributes = TestTypes.User.CommonAttributes,
    };

    [Fact]
    public void A_read_has_them_only_when_they_are_asked_for()
    {
        Assert.Equal("holder.name, number, level", Names(Projection.Default(Badge)));
        Assert.Equal("photo", Names(Projection.Parse(Badge, "photo", null)));
    }

    [Fact]
    public void The_answer_to_a_POST_or_PUT_has_all_that_was_sent() =>
        Assert.Equal("holder.iris, holder.name, number, photo, prints.type, prints.value, doors, level", Names(Projection.Default(Badge).ForWritten(), all: true));

    [Theory]
    [InlineData("add number = \"1\"", "-")]
    [InlineData("add photo = \"AA==\"", "photo")]
    [InlineData("replace = {\"photo\":\"AA==\",\"number\":\"1\"}", "photo")]
    [InlineData("add holder = {\"iris\":\"i\"}", "holder.iris")]
    [InlineData("add holder.iris = \"i\"", "holder.iris")]
    [InlineData("add holder.name = \"n\"", "-")]
    [InlineData("add prints[type eq \"left\"].value = \"v\"", "prints.value")]
    [InlineData("add urn:example:Access:doors = [\"a\"]", "doors")]
    [InlineData("add urn:example:Access = {\"doors\":[\"a\"],\"level\":\"1\"}", "doors")]
    public void The_answer_to_a_PATCH_has_those_that_it_named(string operations, string expected)
    {
        var request = PatchRequest.Parse(PatchCaseFile.Message(operations), new ScimLimits());
        PatchEngine.Apply(request, new ResourceDocument(Badge, new JsonObject { ["number"] = "0" }));

        var projection = Projection.Default(Badge).ForPatched(request.Notes.Specified);

        Assert.Equal(expected, string.Join(", ", Requested().Where(projection.Includes).Select(attribute => attribute.ToString()).DefaultIfEmpty("-")));
    }

    [Fact]
    public void Attributes_that_the_client_names_stay_what_they_are()
    {
        var named = Projection.Parse(Badge, "number", null);
        Assert.Same(named, named.ForWritten());
        Assert.Same(named, named.ForPatched(new HashSet<SchemaAttribute>()));
        Assert.Same(Projection.Default(TestTypes.User), Projection.Default(TestTypes.User).ForPatched(new HashSet<SchemaAttribute>()));
    }

    private static IEnumerable<SchemaAttribute> Attributes() => Badge.Schema.Attributes.Concat(Badge.Extensions.SelectMany(extension => extension.Schema.Attributes));

    private static IEnumerable<SchemaAttribute> Requested() =>
        Attributes().SelectMany(attribute => attribute.SubAttributes.Prepend(attribute)).Where(attribute => attribute.Returned == Returned.Request);

    private static string Names(Projection projection, bool all = false) => string.Join(", ", Attributes()
        .SelectMany(attribute => attribute.SubAttributes.DefaultIfEmpty(attribute))
        .Where(projection.Includes)
        .Where(attribute => all || !attribute.ToString().StartsWith("prints", StringComparison.Ordinal))
        .GroupBy(attribute => Badge.Extensions[0].Schema.Attributes.Contains(attribute))
        .SelectMany(group => group.Select(attribute => attribute.ToString()).Order(StringComparer.Ordinal)));
}
