using Scim.Paths;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>A member of a group, as it is sent.</summary>
/// <param name="Id">The member's id.</param>
/// <param name="ResourceType">The name of its type.</param>
/// <param name="Display">Its name for people, or null.</param>
public sealed record MemberReference(Guid Id, string ResourceType, string? Display);

/// <summary>A group that a resource belongs to, as it is sent.</summary>
/// <param name="Id">The group's id.</param>
/// <param name="Display">Its name for people, or null.</param>
/// <param name="Direct">False when the membership comes from a group inside the group.</param>
public sealed record GroupReference(Guid Id, string? Display, bool Direct);

/// <summary>A reference from a resource's document to another resource that exists here, for example the manager.</summary>
/// <param name="Path">The attribute that holds the reference.</param>
/// <param name="Target">The resource that it names.</param>
public sealed record ResolvedReference(ResolvedPath Path, MemberReference Target);

/// <summary>A stored resource with what an answer computes beside its document.</summary>
/// <param name="Type">The type.</param>
/// <param name="Id">The id.</param>
/// <param name="Meta">Times and version.</param>
/// <param name="Document">The stored document as UTF-8 JSON (<see cref="ResourceDocument.ToUtf8"/>).</param>
public sealed record Resource(ResourceType Type, Guid Id, Meta Meta, ReadOnlyMemory<byte> Document)
{
    /// <summary>The members in the order of their ids, read while they are written; null when they were not asked for.</summary>
    public IAsyncEnumerable<MemberReference>? Members { get; init; }

    /// <summary>The groups that the resource belongs to; null when they were not asked for.</summary>
    public IReadOnlyList<GroupReference>? Groups { get; init; }

    /// <summary>The resource that the document refers to, when it exists here.</summary>
    public ResolvedReference? Reference { get; init; }
}
