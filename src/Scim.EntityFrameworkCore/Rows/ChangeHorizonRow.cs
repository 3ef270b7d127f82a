using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>How far the old changes of a tenant have been deleted. A reader whose place is before it has missed some.</summary>
public sealed class ChangeHorizonRow
{
    /// <summary>The tenant.</summary>
    public required int TenantId { get; init; }

    /// <summary>The last change that was deleted.</summary>
    public required long Seq { get; init; }
}

internal sealed class ChangeHorizonRowConfiguration : IEntityTypeConfiguration<ChangeHorizonRow>
{
    public void Configure(EntityTypeBuilder<ChangeHorizonRow> builder)
    {
        builder.ToTable("change_horizons");
        builder.HasKey(row => row.TenantId);
        builder.Property(row => row.TenantId).ValueGeneratedNever();
    }
}
