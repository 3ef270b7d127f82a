using Microsoft.Extensions.DependencyInjection;
using Scim;
using Scim.EntityFrameworkCore;
using Scim.Schemas;
using ScimServer.Tests.Infrastructure;
using Database = ScimServer.Tests.Infrastructure.Database;

namespace ScimServer.Tests.Startup;

public sealed class ConcurrentMigrationTests
{
    /// <summary>Several instances that start at once on an empty database: each ends with all migrations applied, none fails.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Six_instances_migrate_an_empty_database_at_once(Database database)
    {
        var folder = Directory.CreateTempSubdirectory("scim-migrations-").FullName;
        var connectionString = database == Database.Sqlite
            ? $"Data Source={Path.Combine(folder, "scim.db")};Pooling=False"
            : await PostgreSqlServer.CreateDatabaseAsync();
        await using var first = Instance(database, connectionString);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using var instance = Instance(database, connectionString);
            await instance.GetRequiredService<DatabaseMigrator>().MigrateAsync(default);
        })));

        Assert.True(await first.GetRequiredService<DatabaseMigrator>().IsCurrentAsync(default));
        Directory.Delete(folder, recursive: true);
    }

    private static ServiceProvider Instance(Database database, string connectionString) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(SchemaRegistry.Create(new SchemaOptions()))
        .AddSingleton(new ScimLimits())
        .AddScimEntityFrameworkCore(new DatabaseOptions { Provider = Enum.Parse<DatabaseProvider>(database.ToString()), ConnectionString = connectionString })
        .BuildServiceProvider();
}
