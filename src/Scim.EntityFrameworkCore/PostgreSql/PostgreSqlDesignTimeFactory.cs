using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <summary>Lets <c>dotnet ef migrations add</c> build the model; it does not connect.</summary>
internal sealed class PostgreSqlDesignTimeFactory : IDesignTimeDbContextFactory<PostgreSqlScimDbContext>
{
    public PostgreSqlScimDbContext CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<PostgreSqlScimDbContext>();
        ScimEntityFrameworkCoreExtensions.UsePostgreSql(builder, "Host=localhost");
        return new PostgreSqlScimDbContext(builder.Options);
    }
}
