using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Scim.EntityFrameworkCore.Access;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>A bearer token of a tenant or of the operator. Only its hash is stored: the token itself is shown once, when it is made.</summary>
public sealed class AccessTokenRow
{
    /// <summary>The tenant; 0 for a token of the operator.</summary>
    public required int TenantId { get; init; }

    /// <summary>The id by which it is revoked.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name that change records carry as actor.</summary>
    public required string Name { get; init; }

    /// <summary>The SHA-256 of the token.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>What it allows. <c>admin</c> counts in a token of the operator only, and nothing else does there.</summary>
    public required AccessScopes Scopes { get; init; }

    /// <summary>The kind of identity provider that it was made for; null when nobody said.</summary>
    public string? IdentityProvider { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>From when on it is refused; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When it was revoked; null when it was not.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>The token that took its place when it was rotated; null when it was not.</summary>
    public Guid? ReplacedBy { get; set; }

    /// <summary>About when it was last accepted: written in batches, not with the request.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}

internal sealed class AccessTokenRowConfiguration : IEntityTypeConfiguration<AccessTokenRow>
{
    public void Configure(EntityTypeBuilder<AccessTokenRow> builder)
    {
        builder.ToTable("access_tokens");
        builder.HasKey(row => new { row.TenantId, row.Id });
        builder.Property(row => row.Scopes).HasConversion(scopes => AccessScopeNames.Format(scopes), text => AccessScopeNames.Parse(text));

        // Looked up before the tenant is known, so this one index does not begin with it.
        builder.HasIndex(row => row.Hash).IsUnique();
    }
}
