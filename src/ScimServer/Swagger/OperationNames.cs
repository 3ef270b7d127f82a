using Scim.Schemas;

namespace ScimServer.Swagger;

/// <summary>What a resource type is called in the document's sentences.</summary>
internal static class OperationNames
{
    /// <summary><c>Users</c>.</summary>
    public static string Plural(ResourceType type) => type.Endpoint[1..];

    /// <summary><c>user</c>.</summary>
    public static string Word(ResourceType type) => type.Name.ToLowerInvariant();

    /// <summary><c>users</c>.</summary>
    public static string Words(ResourceType type) => Plural(type).ToLowerInvariant();

    /// <summary>The schema component of the type's list.</summary>
    public static string List(ResourceType type) => type.Name + "List";
}
