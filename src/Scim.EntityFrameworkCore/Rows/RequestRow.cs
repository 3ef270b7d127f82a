using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>One request of a tenant in the provisioning log. Written in batches after the answer, deleted when it is old.</summary>
public sealed class RequestRow
{
    /// <summary>The tenant.</summary>
    public required int TenantId { get; init; }

    /// <summary>The reference of the request; references rise with the time, so this is the order of the log.</summary>
    public required Guid Txn { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The route, never the path: <c>/scim/v2/Users/{id}</c>.</summary>
    public required string Route { get; init; }

    /// <summary>The id in the path, when it is one of ours.</summary>
    public Guid? ResourceId { get; init; }

    /// <summary>The status of the answer; 499 when the client went away before it.</summary>
    public required int Status { get; init; }

    /// <summary>Whether it is to be looked at: an error, a bulk with a failed operation, an answer that was cut off.</summary>
    public required bool Failed { get; init; }

    /// <summary>The name of the token, as change records carry it.</summary>
    public required string Actor { get; init; }

    /// <summary>The names of the dialect rules that rewrote it, with commas between them; null for none.</summary>
    public string? Rules { get; init; }

    /// <summary>What the client calls the request; null when it says nothing.</summary>
    public string? ClientId { get; init; }

    /// <summary>How long it took, in microseconds.</summary>
    public required int Duration { get; init; }

    /// <summary>After how many microseconds the token was accepted; null when it was not.</summary>
    public int? Authenticated { get; init; }

    /// <summary>After how many microseconds the body had been received and parsed; null without a body.</summary>
    public int? Read { get; init; }

    /// <summary>After how many microseconds the database had answered and the answer was decided; null when nothing was sent.</summary>
    public int? Stored { get; init; }

    /// <summary>For a failure: the redacted request and the error, as JSON.</summary>
    public string? Failure { get; init; }
}

internal sealed class RequestRowConfiguration : IEntityTypeConfiguration<RequestRow>
{
    public void Configure(EntityTypeBuilder<RequestRow> builder)
    {
        builder.ToTable("requests");
        builder.HasKey(row => new { row.TenantId, row.Txn });

        // Failures are few and looked for; successes do not pay for them.
        builder.HasIndex(row => new { row.TenantId, row.Txn }, "ix_requests_failed").HasFilter("failed");
    }
}
