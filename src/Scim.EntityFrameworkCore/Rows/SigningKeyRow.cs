using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>A key that signs, or signed, security event tokens. All instances on a database share them.</summary>
public sealed class SigningKeyRow
{
    /// <summary>Counts the keys: each takes the place of the one before.</summary>
    public required int Number { get; init; }

    /// <summary>The <c>kid</c>: the thumbprint of the public key (RFC 7638).</summary>
    public required string Kid { get; init; }

    /// <summary>The public key as a JSON Web Key.</summary>
    public required string PublicKey { get; init; }

    /// <summary>The private key, encrypted; null once another has taken its place for good.</summary>
    public byte[]? PrivateKey { get; init; }

    /// <summary>When it was made, and since when it is published.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>From when on it signs, until the next one does.</summary>
    public required DateTimeOffset ActiveFrom { get; init; }
}

internal sealed class SigningKeyRowConfiguration : IEntityTypeConfiguration<SigningKeyRow>
{
    public void Configure(EntityTypeBuilder<SigningKeyRow> builder)
    {
        builder.ToTable("signing_keys");
        builder.HasKey(row => row.Number);
        builder.Property(row => row.Number).ValueGeneratedNever();
    }
}
