using Scim.EntityFrameworkCore.Memberships;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>What a change did, with old and new values.</summary>
internal sealed record Delta
{
    /// <summary>Attributes that differ. Empty for a create or delete, where there is a document.</summary>
    public IReadOnlyList<AttributeChange> Attributes { get; init; } = [];

    /// <summary>An attribute that is kept elsewhere and changed: it is named, and nothing more is said (EVT-23).</summary>
    public SchemaAttribute? Secret { get; init; }

    /// <summary>What was created.</summary>
    public ResourceDocument? Document { get; init; }

    /// <summary>What was deleted, as it was.</summary>
    public ResourceDocument? Previous { get; init; }

    /// <summary>Members that came.</summary>
    public IReadOnlyList<Member> Added { get; init; } = [];

    /// <summary>Members that went.</summary>
    public IReadOnlyList<Member> Removed { get; init; } = [];

    /// <summary>True when the resource was a person who is erased: there is nothing else to tell then.</summary>
    public bool IsErased { get; init; }

    /// <summary>Groups that a deleted resource was in.</summary>
    public IReadOnlyList<GroupReference> Groups { get; init; } = [];
}
