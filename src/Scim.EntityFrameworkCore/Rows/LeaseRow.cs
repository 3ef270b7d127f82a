using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>Which instance may do a piece of work that only one may do at a time; see <see cref="Leases.WorkLeases"/>.</summary>
public sealed class LeaseRow
{
    /// <summary>The work: a kind, a colon and an id.</summary>
    public required string Name { get; init; }

    /// <summary>The instance that holds it, or held it last.</summary>
    public required Guid Holder { get; init; }

    /// <summary>Counts the holders: what an earlier one writes is refused.</summary>
    public required long Fence { get; init; }

    /// <summary>Until when nobody else may take it.</summary>
    public required DateTimeOffset Until { get; init; }
}

internal sealed class LeaseRowConfiguration : IEntityTypeConfiguration<LeaseRow>
{
    public void Configure(EntityTypeBuilder<LeaseRow> builder)
    {
        builder.ToTable("leases");
        builder.HasKey(row => row.Name);
        builder.HasIndex(row => row.Holder);
    }
}
