using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>A request that failed before its tenant was known, with the true reason, for the operator. Never a token or a part of one.</summary>
public sealed class RefusedRequestRow
{
    /// <summary>The reference of the request.</summary>
    public required Guid Txn { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The path, with what may be personal replaced.</summary>
    public required string Path { get; init; }

    /// <summary>The status of the answer.</summary>
    public required int Status { get; init; }

    /// <summary>Why, in words for the operator.</summary>
    public required string Reason { get; init; }

    /// <summary>The tenant whose token it was, when it was one; null otherwise.</summary>
    public string? TenantName { get; init; }

    /// <summary>The name of that token.</summary>
    public string? TokenName { get; init; }

    /// <summary>The address that the request came from.</summary>
    public string? Address { get; init; }

    /// <summary>What the client calls the request; null when it says nothing.</summary>
    public string? ClientId { get; init; }
}

internal sealed class RefusedRequestRowConfiguration : IEntityTypeConfiguration<RefusedRequestRow>
{
    public void Configure(EntityTypeBuilder<RefusedRequestRow> builder)
    {
        builder.ToTable("refused_requests");
        builder.HasKey(row => row.Txn);
    }
}
