using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>An event that is still to be delivered though the position is past it: it failed, is answered late, waits for an earlier one of its resource, or is sent anew.</summary>
public sealed class WebhookRetryRow
{
    /// <summary>The tenant whose event it is; 0 for an operational event.</summary>
    public required int TenantId { get; init; }

    /// <summary>The endpoint.</summary>
    public required Guid EndpointId { get; init; }

    /// <summary>The event: its number in the change log, or in <c>operational_events</c>.</summary>
    public required long Seq { get; init; }

    /// <summary>The resource that it holds back.</summary>
    public required Guid ResourceId { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; set; }

    /// <summary>When it is tried next; null while an earlier event of the resource has to be delivered first.</summary>
    public DateTimeOffset? NextAt { get; set; }

    /// <summary>When its first attempt failed, since it is tried; until it has been, since when it waits.</summary>
    public required DateTimeOffset Since { get; set; }

    /// <summary>When it was given up; it holds nothing back any more.</summary>
    public DateTimeOffset? GaveUpAt { get; set; }
}

internal sealed class WebhookRetryRowConfiguration : IEntityTypeConfiguration<WebhookRetryRow>
{
    public void Configure(EntityTypeBuilder<WebhookRetryRow> builder)
    {
        builder.ToTable("webhook_retries");
        builder.HasKey(row => new { row.TenantId, row.EndpointId, row.Seq });
        builder.HasIndex(row => new { row.TenantId, row.EndpointId, row.ResourceId, row.Seq });
        builder.HasIndex(row => new { row.TenantId, row.EndpointId, row.NextAt });
    }
}
