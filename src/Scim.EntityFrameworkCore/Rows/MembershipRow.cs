using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>One member of one group. Adding or removing a member touches one such row, whatever the group's size.</summary>
public sealed class MembershipRow
{
    /// <summary>The tenant of both.</summary>
    public required int TenantId { get; init; }

    /// <summary>The group.</summary>
    public required Guid GroupId { get; init; }

    /// <summary>The member: a user, or another group.</summary>
    public required Guid MemberId { get; init; }
}

internal sealed class MembershipRowConfiguration : IEntityTypeConfiguration<MembershipRow>
{
    public void Configure(EntityTypeBuilder<MembershipRow> builder)
    {
        builder.ToTable("memberships");
        builder.HasKey(row => new { row.TenantId, row.GroupId, row.MemberId });
        builder.HasIndex(row => new { row.TenantId, row.MemberId });
        builder.HasOne<ResourceRow>().WithMany().HasForeignKey(row => new { row.TenantId, row.GroupId }).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<ResourceRow>().WithMany().HasForeignKey(row => new { row.TenantId, row.MemberId }).OnDelete(DeleteBehavior.Cascade);
    }
}
