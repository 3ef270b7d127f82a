using Scim.Schemas;

namespace Scim.Tests;

/// <summary>The resource types of RFC 7643 for tests.</summary>
internal static class TestTypes
{
    public static SchemaRegistry Registry { get; } = SchemaRegistry.Create(new SchemaOptions());

    public static ResourceType User { get; } = Registry.FindResourceType("User")!;

    public static ResourceType Group { get; } = Registry.FindResourceType("Group")!;
}
