using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <summary>The database on PostgreSQL.</summary>
public sealed class PostgreSqlScimDbContext(DbContextOptions<PostgreSqlScimDbContext> options) : ScimDbContext(options)
{
    /// <summary>Order by code point: as in the evaluator, and so that prefixes and ranges can use an index.</summary>
    private const string CodePointOrder = "C";

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<ResourceRow>(resource =>
        {
            resource.Property(row => row.Type).UseCollation(CodePointOrder);
            resource.Property(row => row.UniqueKey).UseCollation(CodePointOrder);
            resource.Property(row => row.ExternalId).UseCollation(CodePointOrder);
            resource.Property(row => row.DisplayNameKey).UseCollation(CodePointOrder);
            resource.Property(row => row.Search).HasColumnType("jsonb");
            resource.HasIndex(row => row.Search).HasMethod("gin").HasOperators("jsonb_path_ops");
        });
        modelBuilder.Entity<ResourceCountRow>().Property(row => row.Type).UseCollation(CodePointOrder);
        modelBuilder.Entity<ChangeRow>(change =>
        {
            change.Property(row => row.Seq).UseIdentityAlwaysColumn();
            change.Property(row => row.Delta).HasColumnType("jsonb");
        });
    }
}
