using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>
/// One change of one resource, appended in the transaction that made it. A row is updated by the erasure of a person alone, which takes
/// values out of it (<see cref="Erasure.PersonErasure"/>).
/// </summary>
public sealed class ChangeRow
{
    /// <summary>How the <see cref="Delta"/> of an erased change begins.</summary>
    internal const string ErasedBegin = """{"erased":true""";

    /// <summary>The tenant.</summary>
    public required int TenantId { get; init; }

    /// <summary>
    /// The position in the log. Drawn while the resource's row is locked, so it is the order of the changes of that resource;
    /// between resources the order of commits can differ.
    /// </summary>
    public long Seq { get; init; }

    /// <summary>One value per request, or operation of a bulk, shared by everything that it caused.</summary>
    public required Guid Txn { get; init; }

    /// <summary>The number of this part of the change, from 0. Only a change of more than a thousand members has several, in the order of <see cref="Seq"/>.</summary>
    public int Part { get; init; }

    /// <summary>How many parts the change has. All have its <see cref="Txn"/> and <see cref="Version"/>.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>The name of the resource's type.</summary>
    public required string ResourceType { get; init; }

    /// <summary>The resource.</summary>
    public required Guid ResourceId { get; init; }

    /// <summary>The id that the client gave the resource, after the change, or null.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The resource's name for people after the change (displayName, else userName), or null.</summary>
    public string? Display { get; init; }

    /// <summary><c>create</c>, <c>replace</c>, <c>patch</c> or <c>delete</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The resource's version after the change.</summary>
    public required long Version { get; init; }

    /// <summary>The name of the access token that asked for it.</summary>
    public required string Actor { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// What changed, as JSON. Nothing that is <c>returned: never</c> is in it; a password is named among the attributes.
    /// <list type="bullet">
    /// <item><c>attributes</c>: the paths that changed, in the grammar of PATCH (EVT-15).</item>
    /// <item><c>operations</c>: what RFC 7644 §3.5.2 would send to make the change, each with the value that was there as
    /// <c>previous</c>. Members come and go by <c>add</c> and <c>remove</c> of <c>members</c>, whose values have
    /// <c>value</c>, <c>type</c> and <c>externalId</c>.</item>
    /// <item><c>document</c>: what was created. <c>previous</c>: what was deleted. <c>groups</c>: the groups that it was in.</item>
    /// <item><c>erased</c>: true, at the begin, where the person was erased; <c>attributes</c> is all that follows then.</item>
    /// </list>
    /// </summary>
    public required string Delta { get; init; }

    /// <summary>Whether the values were taken out because the person was erased. <see cref="ExternalId"/> and <see cref="Display"/> are null then.</summary>
    public bool IsErased => Delta.StartsWith(ErasedBegin, StringComparison.Ordinal);

    /// <summary>The members that this part names, so that the history of a person can be found; null when there are none.</summary>
    public Guid[]? MemberIds { get; init; }
}

internal sealed class ChangeRowConfiguration : IEntityTypeConfiguration<ChangeRow>
{
    public void Configure(EntityTypeBuilder<ChangeRow> builder)
    {
        builder.ToTable("changes");
        builder.HasKey(row => new { row.TenantId, row.Seq });
        builder.Property(row => row.Seq).ValueGeneratedOnAdd();
        builder.HasIndex(row => new { row.TenantId, row.Txn, row.ResourceId, row.Part }).IsUnique();
        builder.HasIndex(row => new { row.TenantId, row.ResourceId, row.Seq });
    }
}
