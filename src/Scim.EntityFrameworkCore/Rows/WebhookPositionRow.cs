using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>How far the events of a tenant have been delivered to an endpoint: everything up to here was, or has a row in <c>webhook_retries</c>.</summary>
public sealed class WebhookPositionRow
{
    /// <summary>The tenant whose events they are.</summary>
    public required int TenantId { get; init; }

    /// <summary>The endpoint.</summary>
    public required Guid EndpointId { get; init; }

    /// <summary>The position in the change log.</summary>
    public required long Position { get; set; }

    /// <summary>When it was last moved.</summary>
    public required DateTimeOffset At { get; set; }
}

internal sealed class WebhookPositionRowConfiguration : IEntityTypeConfiguration<WebhookPositionRow>
{
    public void Configure(EntityTypeBuilder<WebhookPositionRow> builder)
    {
        builder.ToTable("webhook_positions");
        builder.HasKey(row => new { row.TenantId, row.EndpointId });
        builder.HasIndex(row => row.EndpointId);
    }
}
