using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Projections;
using Scim.Schemas;

namespace Scim.Tests.Projections;

public sealed class ProjectionTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Projections", "project.cases")))
            {
                if (line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))
                {
                    var parts = line.Split('⇶', 2);
                    data.Add(parts[0].TrimEnd(), parts[1].Trim());
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_projection_lets_through_what_the_case_says(string query, string expected)
    {
        string outcome;
        try
        {
            var projection = Projection.Parse(TestTypes.User, Parameter(query, "attributes"), Parameter(query, "excludedAttributes"));
            outcome = Outline(await Written.JsonAsync(Written.User, projection));
        }
        catch (ScimException refusal)
        {
            Assert.Equal(ScimErrorType.InvalidValue, refusal.Error.Type);
            outcome = "! " + refusal.Error.Detail;
        }

        Assert.Equal(expected, outcome);
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("userName", null, false)]
    [InlineData("displayName,members.value", null, true)]
    [InlineData(null, "members", false)]
    [InlineData(null, "members.display", true)]
    public void A_projection_tells_whether_members_must_be_read(string? attributes, string? excluded, bool expected) =>
        Assert.Equal(expected, Projection.Parse(TestTypes.Group, attributes, excluded).Includes(TestTypes.Group.MembersAttribute!));

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "members,meta", true)]
    [InlineData(null, "externalId", false)]
    [InlineData("displayName", null, false)]
    [InlineData("displayName,externalId,members", null, true)]
    public void A_document_is_copied_when_nothing_in_it_is_left_out(string? attributes, string? excluded, bool expected) =>
        Assert.Equal(expected, Projection.Parse(TestTypes.Group, attributes, excluded).CopiesDocument);

    [Fact]
    public void The_default_is_made_once()
    {
        Assert.Same(Projection.Default(TestTypes.User), Projection.Parse(TestTypes.User, " ", ","));
        Assert.True(Projection.Default(TestTypes.User).IsDefault);
        Assert.False(Projection.Minimal(TestTypes.User).IsDefault);
        Assert.False(Projection.Parse(TestTypes.User, "nope", null).IsDefault);
    }

    [Theory]
    [InlineData(null, null, "id schemas usual{usual,always} always")]
    [InlineData("onRequest", null, "id schemas onRequest always")]
    [InlineData("usual", null, "id schemas usual{usual,always} always")]
    [InlineData("usual.usual", null, "id schemas usual{usual,always} always")]
    [InlineData("usual.onRequest", null, "id schemas usual{onRequest,always} always")]
    [InlineData("usual,usual.onRequest", null, "id schemas usual{usual,onRequest,always} always")]
    [InlineData("never,usual.never", null, "id schemas always")]
    [InlineData("urn:test", null, "id schemas usual{usual,always} always")]
    [InlineData(null, "always,usual.always,usual.usual", "id schemas usual{always} always")]
    [InlineData(null, "usual", "id schemas always")]
    public async Task Returned_decides_before_the_client_does(string? attributes, string? excluded, string expected)
    {
        var type = EveryReturned();
        var resource = Written.NewUser("""{"schemas":["urn:test"],"onRequest":"r","usual":{"usual":"d","onRequest":"r","never":"n","always":"a"},"always":"a","never":"n"}""") with { Type = type };
        var json = await Written.JsonAsync(resource, Projection.Parse(type, attributes, excluded));
        json.Remove("meta");
        Assert.Equal(expected, Outline(json));
    }

    private static ResourceType EveryReturned()
    {
        static SchemaAttribute Text(string name, Returned returned) => new() { Name = name, Type = AttributeType.String, Returned = returned };
        return new ResourceType
        {
            Name = "User",
            Endpoint = "/Users",
            CommonAttributes = TestTypes.User.CommonAttributes,
            Schema = new Schema
            {
                Id = "urn:test",
                Name = "Test",
                Json = default,
                Attributes =
                [
                    Text("onRequest", Returned.Request),
                    Text("always", Returned.Always),
                    Text("never", Returned.Never),
                    new SchemaAttribute
                    {
                        Name = "usual",
                        Type = AttributeType.Complex,
                        SubAttributes = [Text("usual", Returned.Default), Text("onRequest", Returned.Request), Text("never", Returned.Never), Text("always", Returned.Always)],
                    },
                ],
            },
        };
    }

    private static string? Parameter(string query, string name) =>
        query.Split('&').Where(p => p.StartsWith(name + "=", StringComparison.Ordinal)).Select(p => p[(name.Length + 1)..]).FirstOrDefault();

    /// <summary>The names that an object holds, those of its objects and elements in braces.</summary>
    private static string Outline(JsonObject json) => string.Join(' ', json.Select(member => Outline(member.Key, member.Value)));

    private static string Outline(string name, JsonNode? value)
    {
        var inner = value switch
        {
            JsonObject one => [one],
            JsonArray many => many.OfType<JsonObject>().ToArray(),
            _ => [],
        };
        var names = inner.SelectMany(o => o).GroupBy(m => m.Key).Select(g => Outline(g.Key, g.First().Value)).ToArray();
        var label = name == Written.Enterprise ? "E" : name;
        return names.Length == 0 ? label : $"{label}{{{string.Join(',', names)}}}";
    }
}
