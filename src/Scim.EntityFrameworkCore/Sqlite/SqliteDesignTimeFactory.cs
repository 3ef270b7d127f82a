using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

namespace Scim.EntityFrameworkCore.Sqlite;

/// <summary>Lets <c>dotnet ef migrations add</c> build the model; it does not connect.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteScimDbContext>
{
    public SqliteScimDbContext CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<SqliteScimDbContext>();
        ScimEntityFrameworkCoreExtensions.UseSqlite(builder, "Data Source=:memory:");
        return new SqliteScimDbContext(builder.Options);
    }
}
