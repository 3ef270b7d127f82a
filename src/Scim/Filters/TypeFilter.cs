using Scim.Schemas;

namespace Scim.Filters;

/// <summary>A filter bound to one of several resource types.</summary>
/// <param name="Type">The type.</param>
/// <param name="Filter">The filter; null when all resources of the type match.</param>
public sealed record TypeFilter(ResourceType Type, BoundFilter? Filter);
