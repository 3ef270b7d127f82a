using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>A secret of a client. Only its hash is stored: the secret itself is shown once, when it is made.</summary>
public sealed class ClientSecretRow
{
    /// <summary>The tenant of the client.</summary>
    public required int TenantId { get; init; }

    /// <summary>The id by which it is revoked. The access tokens that were got with it carry it.</summary>
    public required Guid Id { get; init; }

    /// <summary>The client.</summary>
    public required Guid ClientKey { get; init; }

    /// <summary>The SHA-256 of the secret.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>From when on no access token is given for it; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When it was revoked, with the access tokens that were got with it; null when it was not.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>When an access token was last given for it, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}

internal sealed class ClientSecretRowConfiguration : IEntityTypeConfiguration<ClientSecretRow>
{
    public void Configure(EntityTypeBuilder<ClientSecretRow> builder)
    {
        builder.ToTable("client_secrets");
        builder.HasKey(row => new { row.TenantId, row.Id });
        builder.HasOne<ClientRow>().WithMany().HasForeignKey(row => new { row.TenantId, row.ClientKey }).OnDelete(DeleteBehavior.Cascade);

        // Looked up before the tenant is known, so this one index does not begin with it.
        builder.HasIndex(row => row.Hash).IsUnique();
    }
}
