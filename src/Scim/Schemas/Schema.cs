using System.Collections.Immutable;
namespace Scim.Schemas;

/// <summary>A set of attributes under one URN (RFC 7643 §7).</summary>
public sealed class Schema
{
    /// <summary>The URN in the case in which it is sent.</summary>
    public required string Id { get; init; }

    /// <summary>A short name, for example <c>User</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the schema is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>The attributes in the order of the definition.</summary>
    public required ImmutableArray<SchemaAttribute> Attributes { get; init; }

    /// <summary>The definition as UTF-8 JSON, as GET /Schemas answers it but for <c>meta</c>.</summary>
    public ReadOnlyMemory<byte> Json { get; internal set; }

    /// <summary>The attribute of that name, in any case, or null.</summary>
    public SchemaAttribute? Find(string name) => SchemaAttribute.Find(Attributes, name);

    /// <inheritdoc/>
    public override string ToString() => Id;
}
