using Scim.Filters;
using Scim.Projections;
using Scim.Schemas;

namespace Scim.Queries;

/// <summary>What a query asks of one resource type.</summary>
/// <param name="Type">The type.</param>
/// <param name="Filter">The filter bound to the type; null for all its resources.</param>
/// <param name="Projection">The attributes that are sent of its resources.</param>
public sealed record QueryTarget(ResourceType Type, BoundFilter? Filter, Projection Projection);
