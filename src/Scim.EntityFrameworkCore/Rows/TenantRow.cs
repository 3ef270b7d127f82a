using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>A customer: the owner of resources and tokens.</summary>
public sealed class TenantRow
{
    /// <summary>The id that every other table begins with.</summary>
    public int Id { get; init; }

    /// <summary>The name by which operators call it.</summary>
    public required string Name { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Since when its tokens are refused; null while they are accepted.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Since when it is being deleted; null unless it is.</summary>
    public DateTimeOffset? DeletingSince { get; set; }
}

internal sealed class TenantRowConfiguration : IEntityTypeConfiguration<TenantRow>
{
    public void Configure(EntityTypeBuilder<TenantRow> builder)
    {
        builder.ToTable("tenants");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => row.Name).IsUnique();
    }
}
