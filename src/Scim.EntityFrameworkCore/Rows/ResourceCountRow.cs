using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>
/// A part of the number of resources of a type. The sum over the slots is exact; several slots, so that the writers of a tenant
/// do not queue for one row.
/// </summary>
public sealed class ResourceCountRow
{
    /// <summary>The tenant.</summary>
    public required int TenantId { get; init; }

    /// <summary>The name of the resource type.</summary>
    public required string Type { get; init; }

    /// <summary>The slot of the connection that wrote.</summary>
    public required int Slot { get; init; }

    /// <summary>Creations less deletions; a slot alone may be negative.</summary>
    public required long N { get; init; }
}

internal sealed class ResourceCountRowConfiguration : IEntityTypeConfiguration<ResourceCountRow>
{
    public void Configure(EntityTypeBuilder<ResourceCountRow> builder)
    {
        builder.ToTable("resource_counts");
        builder.HasKey(row => new { row.TenantId, row.Type, row.Slot });
    }
}
