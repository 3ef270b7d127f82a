using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>Attempts to deliver. Those that succeeded at once share a row with others of the moment.</summary>
public sealed class WebhookAttemptRow
{
    /// <summary>The tenant whose events they are; 0 for operational events.</summary>
    public required int TenantId { get; init; }

    /// <summary>The endpoint.</summary>
    public required Guid EndpointId { get; init; }

    /// <summary>The id; later rows have higher ones.</summary>
    public required Guid Id { get; init; }

    /// <summary>The lowest number of an event in it.</summary>
    public required long FirstSeq { get; init; }

    /// <summary>The highest number of an event in it.</summary>
    public required long LastSeq { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the attempt failed. Of those that failed each has a row.</summary>
    public required bool Failed { get; init; }

    /// <summary>The attempts; see <see cref="Webhooks.WebhookAttempt"/>.</summary>
    public required string Entries { get; init; }
}

internal sealed class WebhookAttemptRowConfiguration : IEntityTypeConfiguration<WebhookAttemptRow>
{
    public void Configure(EntityTypeBuilder<WebhookAttemptRow> builder)
    {
        builder.ToTable("webhook_attempts");
        builder.HasKey(row => new { row.TenantId, row.EndpointId, row.Id });
        builder.HasIndex(row => new { row.TenantId, row.EndpointId, row.LastSeq });
    }
}
