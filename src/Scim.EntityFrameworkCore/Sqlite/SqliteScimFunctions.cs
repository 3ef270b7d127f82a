using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Sqlite;

/// <summary>The function <c>scim_matches</c> for SQLite, where the argument is a resource type's name, a line feed and a filter.</summary>
internal static class SqliteScimFunctions
{
    private const int MaxCachedFilters = 256;

    /// <summary>The texts are made by <see cref="Argument"/> from filters that have passed the bounds; canonical names may be longer.</summary>
    private static readonly ScimLimits PrintedFilters = new()
    {
        MaxFilterLength = int.MaxValue,
        MaxFilterTerms = int.MaxValue,
        MaxFilterDepth = 1_000,
    };

    private static readonly ConditionalWeakTable<SchemaRegistry, ConcurrentDictionary<string, BoundFilter>> Caches = [];

    /// <summary>The second argument of <c>scim_matches</c>.</summary>
    public static string Argument(ResourceType type, BoundFilter filter) => $"{type.Name}\n{filter}";

    /// <summary>Defines the function on an open connection.</summary>
    public static void Register(SqliteConnection connection, SchemaRegistry registry) =>
        Register(connection, registry.FindResourceType, Caches.GetOrCreateValue(registry));

    internal static void Register(
        SqliteConnection connection, Func<string, ResourceType?> findResourceType, ConcurrentDictionary<string, BoundFilter> cache) =>
        connection.CreateFunction(
            "scim_matches",
            (string search, string argument) => FilterEvaluator.Matches(Find(argument, findResourceType, cache), JsonNode.Parse(search)!.AsObject()),
            isDeterministic: true);

    private static BoundFilter Find(
        string argument, Func<string, ResourceType?> findResourceType, ConcurrentDictionary<string, BoundFilter> cache)
    {
        if (cache.TryGetValue(argument, out var known))
        {
            return known;
        }

        var parts = argument.Split('\n', 2);
        var type = findResourceType(parts[0]) ?? throw new InvalidOperationException($"There is no resource type {parts[0]}.");
        var filter = Filter.Parse(parts[1], PrintedFilters).Bind(type);
        if (cache.Count >= MaxCachedFilters)
        {
            cache.Clear();
        }

        cache[argument] = filter;
        return filter;
    }
}
