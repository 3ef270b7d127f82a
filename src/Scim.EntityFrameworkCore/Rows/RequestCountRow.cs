using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>How many requests of a tenant began in a minute. It holds numbers only and is read over all tenants, for the operator's overview.</summary>
public sealed class RequestCountRow
{
    /// <summary>The tenant.</summary>
    public required int TenantId { get; init; }

    /// <summary>The minute, counted from 1970.</summary>
    public required long Minute { get; init; }

    /// <summary>Requests.</summary>
    public required long Requests { get; init; }

    /// <summary>Those that failed.</summary>
    public required long Failures { get; init; }

    /// <summary>Those that are counted here but not in the log, because more came than it takes.</summary>
    public required long Unrecorded { get; init; }

    /// <summary>When the last one began.</summary>
    public required DateTimeOffset LastSeen { get; init; }
}

internal sealed class RequestCountRowConfiguration : IEntityTypeConfiguration<RequestCountRow>
{
    public void Configure(EntityTypeBuilder<RequestCountRow> builder)
    {
        builder.ToTable("request_counts");
        builder.HasKey(row => new { row.TenantId, row.Minute });

        // Which tenants were active in the minute of a reference, and what is old.
        builder.HasIndex(row => row.Minute);
    }
}
