using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>A bearer token of a tenant. Only its hash is stored: the token itself is shown once, when it is made.</summary>
public sealed class AccessTokenRow
{
    /// <summary>The tenant.</summary>
    public required int TenantId { get; init; }

    /// <summary>The id by which it is revoked.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name that change records carry as actor.</summary>
    public required string Name { get; init; }

    /// <summary>The SHA-256 of the token.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>From when on it is refused; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked; null when it was not.</summary>
    public DateTimeOffset? RevokedAt { get; set; }
}

internal sealed class AccessTokenRowConfiguration : IEntityTypeConfiguration<AccessTokenRow>
{
    public void Configure(EntityTypeBuilder<AccessTokenRow> builder)
    {
        builder.ToTable("access_tokens");
        builder.HasKey(row => new { row.TenantId, row.Id });

        // Looked up before the tenant is known, so this one index does not begin with it.
        builder.HasIndex(row => row.Hash).IsUnique();
    }
}
