using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>A token that did not get to its receiver, or that the receiver refused. Only the latest of a stream are kept.</summary>
public sealed class StreamErrorRow
{
    /// <summary>The tenant.</summary>
    public required int TenantId { get; init; }

    /// <summary>The stream.</summary>
    public required Guid StreamId { get; init; }

    /// <summary>An id, in the order of time.</summary>
    public required Guid Id { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The <c>jti</c> of the token.</summary>
    public required string Jti { get; init; }

    /// <summary>The HTTP status of the receiver's answer to a push; null when there was none.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The error code (RFC 8935 §2.4), or what went wrong in our words.</summary>
    public required string Err { get; init; }

    /// <summary>What the receiver says of it, shortened and without control characters (EVT-58).</summary>
    public string? Description { get; init; }

    /// <summary>Whether the token is given up: it is not sent again.</summary>
    public required bool GivenUp { get; init; }
}

internal sealed class StreamErrorRowConfiguration : IEntityTypeConfiguration<StreamErrorRow>
{
    public void Configure(EntityTypeBuilder<StreamErrorRow> builder)
    {
        builder.ToTable("stream_errors");
        builder.HasKey(row => new { row.TenantId, row.StreamId, row.Id });
        builder.HasOne<EventStreamRow>().WithMany().HasForeignKey(row => new { row.TenantId, row.StreamId }).OnDelete(DeleteBehavior.Cascade);
    }
}
