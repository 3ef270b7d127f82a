using System.Text.Json.Nodes;
using Scim.Schemas;

namespace Scim.Tests.Schemas;

public sealed class SchemaRegistryTests
{
    /// <summary>RFC 7643 §8.7.1: name → type, multiValued, required, mutability, returned, uniqueness.</summary>
    [Theory]
    [InlineData("userName", AttributeType.String, false, true, Mutability.ReadWrite, Returned.Default, Uniqueness.Server)]
    [InlineData("name", AttributeType.Complex, false, false, Mutability.ReadWrite, Returned.Default, Uniqueness.None)]
    [InlineData("profileUrl", AttributeType.Reference, false, false, Mutability.ReadWrite, Returned.Default, Uniqueness.None)]
    [InlineData("active", AttributeType.Boolean, false, false, Mutability.ReadWrite, Returned.Default, Uniqueness.None)]
    [InlineData("password", AttributeType.String, false, false, Mutability.WriteOnly, Returned.Never, Uniqueness.None)]
    [InlineData("emails", AttributeType.Complex, true, false, Mutability.ReadWrite, Returned.Default, Uniqueness.None)]
    [InlineData("groups", AttributeType.Complex, true, false, Mutability.ReadOnly, Returned.Default, Uniqueness.None)]
    public void User_attributes_have_the_characteristics_of_RFC7643_8_7_1(
        string name, AttributeType type, bool multiValued, bool required, Mutability mutability, Returned returned, Uniqueness uniqueness)
    {
        var attribute = TestTypes.User.Schema.Find(name)!;

        Assert.Equal((type, multiValued, required), (attribute.Type, attribute.MultiValued, attribute.Required));
        Assert.Equal((mutability, returned, uniqueness), (attribute.Mutability, attribute.Returned, attribute.Uniqueness));
    }

    [Theory]
    [InlineData(true, "server")]
    [InlineData(false, "none")]
    public void Served_group_schema_says_whether_displayName_is_unique(bool unique, string word)
    {
        var registry = SchemaRegistry.Create(new SchemaOptions { UniqueGroupDisplayName = unique });
        var json = JsonNode.Parse(registry.FindSchema(SchemaUrns.Group)!.Json.Span)!;

        Assert.Equal(word, (string?)json["attributes"]!.AsArray().Single(a => (string?)a!["name"] == "displayName")!["uniqueness"]);
        Assert.Equal(unique ? "displayName" : null, registry.FindResourceType("Group")!.UniqueAttribute?.Name);
    }

    [Fact]
    public void Sub_attributes_know_their_parent_and_relations_are_marked()
    {
        Assert.Equal("emails.value", TestTypes.User.Schema.Find("emails")!.FindSubAttribute("VALUE")!.ToString());
        Assert.Equal("members", TestTypes.Group.MembersAttribute!.Name);
        Assert.Equal("groups", TestTypes.User.GroupsAttribute!.Name);
        Assert.Equal("password", TestTypes.User.PasswordAttribute!.Name);
    }

    [Fact]
    public void Manager_is_a_reference_to_another_resource_and_name_is_not()
    {
        Assert.True(TestTypes.User.FindExtension(SchemaUrns.EnterpriseUser)!.Find("manager")!.IsResourceReference);
        Assert.False(TestTypes.User.Schema.Find("name")!.IsResourceReference);
    }
}
