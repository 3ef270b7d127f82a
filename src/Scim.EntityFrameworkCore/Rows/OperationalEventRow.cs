using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>Something that the operator should hear of: an endpoint was disabled, a token is about to expire.</summary>
public sealed class OperationalEventRow
{
    /// <summary>The number.</summary>
    public long Seq { get; init; }

    /// <summary>The id under which it is told.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is about; the same is told once.</summary>
    public required string Subject { get; init; }

    /// <summary>The name of the event.</summary>
    public required string Type { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What there is to tell, as a JSON object; never a secret.</summary>
    public required string Data { get; init; }
}

internal sealed class OperationalEventRowConfiguration : IEntityTypeConfiguration<OperationalEventRow>
{
    public void Configure(EntityTypeBuilder<OperationalEventRow> builder)
    {
        builder.ToTable("operational_events");
        builder.HasKey(row => row.Seq);
        builder.Property(row => row.Seq).ValueGeneratedOnAdd();
        builder.HasIndex(row => row.Subject).IsUnique();
    }
}
