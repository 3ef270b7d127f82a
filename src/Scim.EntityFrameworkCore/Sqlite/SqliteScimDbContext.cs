using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Scim.EntityFrameworkCore.Rows;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Sqlite;

/// <summary>The database on SQLite.</summary>
public sealed class SqliteScimDbContext(DbContextOptions<SqliteScimDbContext> options) : ScimDbContext(options)
{
    internal override string DocumentArgument(ResourceType type, BoundFilter document) => SqliteScimFunctions.Argument(type, document);

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);

        // AUTOINCREMENT, which never gives out a number twice, is allowed on a key of one column only (EVT-141).
        modelBuilder.Entity<ChangeRow>(change =>
        {
            change.HasKey(row => row.Seq);
            change.Property(row => row.Seq).ValueGeneratedOnAdd().HasAnnotation("Sqlite:Autoincrement", true);
            change.HasIndex(row => new { row.TenantId, row.Seq });
        });
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // As DateTime in UTC, SQLite's texts compare in the order of time.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
    }

    private sealed class UtcConverter()
        : ValueConverter<DateTimeOffset, DateTime>(time => time.UtcDateTime, time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)));
}
