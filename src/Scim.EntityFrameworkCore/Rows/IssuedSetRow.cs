using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>
/// A security event token that was issued and that its receiver has not acknowledged yet. The token itself is not kept: it is made
/// anew out of the change and of what is here, with the same claims.
/// </summary>
public sealed class IssuedSetRow
{
    /// <summary>The tenant.</summary>
    public required int TenantId { get; init; }

    /// <summary>The stream.</summary>
    public required Guid StreamId { get; init; }

    /// <summary>The <c>jti</c> of the token.</summary>
    public required string Jti { get; init; }

    /// <summary>Its place in the stream: the number of the change that it tells, or behind which the stream itself says something.</summary>
    public required long Seq { get; init; }

    /// <summary>The resource that it is about; null for what the stream says of itself.</summary>
    public Guid? ResourceId { get; init; }

    /// <summary>The <c>iat</c> of the token.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The URIs of the events that it has.</summary>
    public required string[] Events { get; init; }

    /// <summary>What the stream itself says (verification, a new status): the payload of the event, as JSON. Null for a change.</summary>
    public string? Payload { get; init; }

    /// <summary>How often the receiver refused it while it took others.</summary>
    public int Attempts { get; set; }

    /// <summary>When to push it again; null for at once.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }
}

internal sealed class IssuedSetRowConfiguration : IEntityTypeConfiguration<IssuedSetRow>
{
    public void Configure(EntityTypeBuilder<IssuedSetRow> builder)
    {
        builder.ToTable("issued_sets");
        builder.HasKey(row => new { row.TenantId, row.StreamId, row.Jti });
        builder.HasIndex(row => new { row.TenantId, row.StreamId, row.Seq });
        builder.HasOne<EventStreamRow>().WithMany().HasForeignKey(row => new { row.TenantId, row.StreamId }).OnDelete(DeleteBehavior.Cascade);
    }
}
