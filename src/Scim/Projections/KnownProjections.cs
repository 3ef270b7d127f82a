using System.Collections.Concurrent;
using Scim.Schemas;

namespace Scim.Projections;

/// <summary>
/// The projections of a resource type that have been made. A client asks for the same few again and again, and to decide one
/// walks the whole schema. Only so many are kept, and none for long lists: what is kept is bounded, whatever clients send.
/// </summary>
internal sealed class KnownProjections(ResourceType type)
{
    private const int MaxKept = 256;
    private const int MaxLength = 256;

    private readonly ConcurrentDictionary<(string Attributes, string ExcludedAttributes), Projection> kept = new();

    public Projection Default { get; } = ProjectionBuilder.Default(type);

    public Projection Minimal { get; } = ProjectionBuilder.Only(type, []);

    public Projection GetOrAdd(string attributes, string excludedAttributes)
    {
        var key = (attributes, excludedAttributes);
        if (kept.TryGetValue(key, out var known))
        {
            return known;
        }

        var projection = Projection.Read(type, attributes, excludedAttributes);
        if (attributes.Length + excludedAttributes.Length <= MaxLength && kept.Count < MaxKept)
        {
            kept.TryAdd(key, projection);
        }

        return projection;
    }
}
