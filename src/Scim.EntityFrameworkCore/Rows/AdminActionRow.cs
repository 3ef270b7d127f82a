using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>Something that an operator did to tenants or tokens, appended in the transaction that did it. It outlives the tenant.</summary>
public sealed class AdminActionRow
{
    /// <summary>The position in the log.</summary>
    public long Seq { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who: the name of a token of the operator, or the command line and its user.</summary>
    public required string Actor { get; init; }

    /// <summary>What: <c>tenant.create</c>, <c>token.revoke</c> and so on.</summary>
    public required string Action { get; init; }

    /// <summary>The name of the tenant; null where there is none.</summary>
    public string? TenantName { get; init; }

    /// <summary>The token, or the client of the token endpoint; null where there is none.</summary>
    public Guid? TokenId { get; init; }

    /// <summary>What else there is to tell, for people; never a secret.</summary>
    public string? Detail { get; init; }
}

internal sealed class AdminActionRowConfiguration : IEntityTypeConfiguration<AdminActionRow>
{
    public void Configure(EntityTypeBuilder<AdminActionRow> builder)
    {
        builder.ToTable("admin_actions");
        builder.HasKey(row => row.Seq);
        builder.Property(row => row.Seq).ValueGeneratedOnAdd();
    }
}
