using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>An address to which events are sent.</summary>
public sealed class WebhookEndpointRow
{
    /// <summary>The tenant whose events it gets; 0 for an endpoint of the operator, which gets those of all tenants.</summary>
    public required int TenantId { get; init; }

    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The address.</summary>
    public required string Url { get; init; }

    /// <summary>What it is for, for people.</summary>
    public string? Description { get; init; }

    /// <summary>The names of the events that it gets, as a JSON array; null for all.</summary>
    public string? Types { get; init; }

    /// <summary>The names of the tokens whose changes it gets, as a JSON array; null for all.</summary>
    public string? Actors { get; init; }

    /// <summary>The names of the tokens whose changes it does not get, as a JSON array; null for none.</summary>
    public string? OtherThan { get; init; }

    /// <summary>Whether an event has the values, or tells only what changed.</summary>
    public required bool IsFull { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The secret that signs, encrypted.</summary>
    public required byte[] Secret { get; set; }

    /// <summary>The one before, encrypted.</summary>
    public byte[]? OldSecret { get; set; }

    /// <summary>Until when the one before signs too.</summary>
    public DateTimeOffset? OldSecretUntil { get; set; }

    /// <summary>Since when nothing is sent.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Why nothing is sent.</summary>
    public string? DisabledReason { get; set; }

    /// <summary>Since when nothing but failures was seen; null while it goes well.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Counts what operators change, so that the instance that delivers sees it.</summary>
    public long Revision { get; set; }
}

internal sealed class WebhookEndpointRowConfiguration : IEntityTypeConfiguration<WebhookEndpointRow>
{
    public void Configure(EntityTypeBuilder<WebhookEndpointRow> builder)
    {
        builder.ToTable("webhook_endpoints");
        builder.HasKey(row => new { row.TenantId, row.Id });
    }
}
