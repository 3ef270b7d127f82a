using System.Text;
using System.Text.RegularExpressions;
using Scim.Schemas;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>The files that docs/extending.md shows can be served, and its table has every set that the server brings.</summary>
public sealed partial class ExtendingPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(HouseTests.Root, "docs", "extending.md"));

    [Fact]
    public void The_files_of_the_page_can_be_served()
    {
        var files = Definitions().Matches(Page).Select((block, index) => new SchemaFile($"{index}.json", Encoding.UTF8.GetBytes(block.Groups[1].Value))).ToList();

        var registry = SchemaRegistry.Create(new SchemaOptions { Enabled = new HashSet<string>(OptionalSchemas.Names) }, files);

        Assert.Equal(2, files.Count);
        Assert.NotNull(registry.FindByEndpoint("Printers"));
        Assert.NotNull(registry.FindResourceType("User")!.FindExtension("urn:example:scim:schemas:extension:badge:1.0:User"));
    }

    [Fact]
    public void The_page_has_every_set_with_its_endpoint()
    {
        Assert.All(OptionalSchemas.Names, name =>
        {
            var type = SchemaRegistry.Create(new SchemaOptions { Enabled = new HashSet<string> { name } }).ResourceTypes[^1];
            Assert.Contains($"| `{name}` | `{type.Endpoint}` |", Page, StringComparison.Ordinal);
        });
    }

    [GeneratedRegex("```json\n(\\[.*?)```", RegexOptions.Singleline)]
    private static partial Regex Definitions();
}
