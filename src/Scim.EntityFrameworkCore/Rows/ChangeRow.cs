using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>One change of one resource, appended in the transaction that made it. Rows are never updated.</summary>
public sealed class ChangeRow
{
    /// <summary>The tenant.</summary>
    public required int TenantId { get; init; }

    /// <summary>
    /// The position in the log. Drawn while the resource's row is locked, so it is the order of the changes of that resource;
    /// between resources the order of commits can differ.
    /// </summary>
    public long Seq { get; init; }

    /// <summary>One value per request, or operation of a bulk, shared by everything that it caused.</summary>
    public required Guid Txn { get; init; }

    /// <summary>The name of the resource's type.</summary>
    public required string ResourceType { get; init; }

    /// <summary>The resource.</summary>
    public required Guid ResourceId { get; init; }

    /// <summary><c>create</c>, <c>replace</c>, <c>patch</c> or <c>delete</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The resource's version after the change.</summary>
    public required long Version { get; init; }

    /// <summary>The name of the access token that asked for it.</summary>
    public required string Actor { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// What changed, as JSON: <c>{"attributes":["title"],"members":{"added":["…"],"removed":["…"]}}</c>. Values are not in it.
    /// </summary>
    public required string Delta { get; init; }
}

internal sealed class ChangeRowConfiguration : IEntityTypeConfiguration<ChangeRow>
{
    public void Configure(EntityTypeBuilder<ChangeRow> builder)
    {
        builder.ToTable("changes");
        builder.HasKey(row => new { row.TenantId, row.Seq });
        builder.Property(row => row.Seq).ValueGeneratedOnAdd();
        builder.HasIndex(row => new { row.TenantId, row.Txn, row.ResourceId }).IsUnique();
        builder.HasIndex(row => new { row.TenantId, row.ResourceId, row.Seq });
    }
}
