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

    /// <summary>The answer to a POST or PUT: all that it holds was specified by the client.</summary>
    public Projection Written { get; } = ProjectionBuilder.Written(type, _ => true);

    /// <summary>Whether the type has an attribute that is only returned on request; those of RFC 7643 have none.</summary>
    public bool IsRequestedAny { get; } = HasRequested(type);

    public Projection Minimal { get; } = ProjectionBuilder.Only(type, []);

    private static bool HasRequested(ResourceType type) => type.Schemas
        .SelectMany(schema => schema.Attributes)
        .Any(attribute => attribute.Returned == Returned.Request || attribute.SubAttributes.Any(sub => sub.Returned == Returned.Request));

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
