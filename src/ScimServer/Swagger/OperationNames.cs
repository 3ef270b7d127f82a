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

    /// <summary>The schema component of the type's resources; a name that a message has already is told apart.</summary>
    public static string Component(ResourceType type) => IsTaken(type.Name) ? type.Name + ".resource" : type.Name;

    /// <summary>The schema component of the type's list.</summary>
    public static string List(ResourceType type) => type.Name + "List" is var name && name == MessageSchemas.ResourceList ? type.Name + ".list" : name;

    /// <summary>The schema component of an extension: its name, or its URN where another component is called so.</summary>
    public static string Component(Schema extension, SchemaRegistry registry)
    {
        var isPlain = registry.Schemas.Count(schema => schema.Name == extension.Name) == 1
            && registry.ResourceTypes.All(type => Component(type) != extension.Name)
            && !IsTaken(extension.Name)
            && extension.Name.All(IsPlain);
        return isPlain ? extension.Name : string.Concat(extension.Id.Select(c => IsPlain(c) ? c : '.'));
    }

    /// <summary>Lists of resource types end so, too.</summary>
    private static bool IsTaken(string name) => MessageSchemas.Names.Contains(name) || name.EndsWith("List", StringComparison.Ordinal);

    /// <summary>What the name of a component may have.</summary>
    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
}
