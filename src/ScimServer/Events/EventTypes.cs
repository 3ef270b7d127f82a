using System.Collections.Concurrent;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;
using Scim.Schemas;

namespace ScimServer.Events;

/// <summary>
/// The names of events: the resource type in lower case and what happened, <c>user.created</c>, <c>user.updated</c>,
/// <c>user.deleted</c>, and so for every type. That members came or went, or that a user was disabled, is an update: its
/// operations tell.
/// </summary>
internal static class EventTypes
{
    private const string Any = "*";

    private static readonly (string Word, string[] Kinds)[] Words = [("created", ["create"]), ("updated", ["patch", "replace"]), ("deleted", ["delete"])];

    /// <summary>The names of what has been seen; there are few.</summary>
    private static readonly ConcurrentDictionary<(string ResourceType, string Kind), string> Names = new();

    /// <summary>The name of a change.</summary>
    public static string Of(ChangeRow change) => Of(change.ResourceType, change.Kind);

    /// <summary>The name of what was done to a resource of a type (<see cref="ChangeRow.Kind"/>).</summary>
    public static string Of(string resourceType, string kind) => Names.GetOrAdd(
        (resourceType, kind), static key => $"{key.ResourceType.ToLowerInvariant()}.{Words.First(word => word.Kinds.Contains(key.Kind)).Word}");

    /// <summary>All names.</summary>
    public static IEnumerable<string> All(SchemaRegistry schemas) =>
        schemas.ResourceTypes.SelectMany(type => Words.Select(word => $"{type.Name.ToLowerInvariant()}.{word.Word}"));

    /// <summary>Reads names with commas between them; <c>user.*</c> stands for all of a type. Gives type and kind as the log has them.</summary>
    /// <exception cref="ScimException">400 invalidValue for a name that there is not.</exception>
    public static IReadOnlyCollection<string> Parse(string text, SchemaRegistry schemas) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).SelectMany(name => Kinds(name, schemas)).Distinct()];

    private static List<string> Kinds(string name, SchemaRegistry schemas)
    {
        var parts = name.Split('.');
        var type = schemas.ResourceTypes.FirstOrDefault(type => type.Name.Equals(parts[0], StringComparison.OrdinalIgnoreCase));
        List<string> kinds = type is null || parts.Length != 2
            ? []
            : [.. Words.Where(word => parts[1] == Any || parts[1] == word.Word).SelectMany(word => word.Kinds).Select(kind => $"{type.Name}:{kind}")];
        return kinds.Count > 0
            ? kinds
            : throw ScimErrors.InvalidValue($"There is no event type \"{ScimErrors.Shorten(name)}\". There are {string.Join(", ", All(schemas))}, and {Any} for all of a type.");
    }
}
