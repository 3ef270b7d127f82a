using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <summary>The database on PostgreSQL.</summary>
public sealed class PostgreSqlScimDbContext(DbContextOptions<PostgreSqlScimDbContext> options) : ScimDbContext(options)
{
    /// <summary>Order by code point: as in the evaluator, and so that prefixes and ranges can use an index.</summary>
    private const string CodePointOrder = "C";

    internal override string DocumentArgument(ResourceType type, BoundFilter document) => JsonPathWriter.Write(TenantId, document);

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

            // The list of entries that wait for the index is short, so that no writer has to put a long one in order.
            change.HasIndex(row => row.MemberIds).HasFilter("member_ids IS NOT NULL").HasMethod("gin").HasStorageParameter("gin_pending_list_limit", 128);
        });
    }
}
