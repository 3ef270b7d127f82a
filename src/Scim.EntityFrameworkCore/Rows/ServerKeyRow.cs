using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>
/// A secret that all instances on a database share and no client knows. Whoever can read it can read all that it protects
/// anyway.
/// </summary>
public sealed class ServerKeyRow
{
    /// <summary>What it is for.</summary>
    public required string Name { get; init; }

    /// <summary>The secret.</summary>
    public required byte[] Value { get; init; }
}

internal sealed class ServerKeyRowConfiguration : IEntityTypeConfiguration<ServerKeyRow>
{
    public void Configure(EntityTypeBuilder<ServerKeyRow> builder)
    {
        builder.ToTable("server_keys");
        builder.HasKey(row => row.Name);
    }
}
