using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenIddict.EntityFrameworkCore.Models;
using Scim;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Erasure;
using Scim.EntityFrameworkCore.Filters;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.PostgreSql;
using Scim.EntityFrameworkCore.Provisioning;
using Scim.EntityFrameworkCore.Resources;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Sqlite;
using Scim.EntityFrameworkCore.Streams;
using Scim.EntityFrameworkCore.Webhooks;
using Scim.Schemas;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the persistence of SCIM resources.</summary>
public static class ScimEntityFrameworkCoreExtensions
{
    /// <summary>
    /// Adds the database, the resource store and queries, tenants, access tokens and the verification of passwords. <see cref="SchemaRegistry"/> and
    /// <see cref="ScimLimits"/> must be registered as singletons.
    /// </summary>
    public static IServiceCollection AddScimEntityFrameworkCore(this IServiceCollection services, DatabaseOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        if (options.Provider == DatabaseProvider.PostgreSql)
        {
            services.AddClientStore<PostgreSqlScimDbContext>();
            services.AddPooledDbContextFactory<PostgreSqlScimDbContext>(builder =>
            {
                UsePostgreSql(builder, options.ConnectionString);
                if (options.RowLevelSecurity)
                {
                    builder.AddInterceptors(new TenantSetting());
                }
            });
            services.TryAddSingleton(provider => Database<PostgreSqlScimDbContext>(provider, new PostgreSqlDialect(options.RowLevelSecurity)));
        }
        else
        {
            services.AddClientStore<SqliteScimDbContext>();
            services.AddPooledDbContextFactory<SqliteScimDbContext>((provider, builder) => UseSqlite(builder, options.ConnectionString).AddInterceptors(
                new SqliteFunctionsInterceptor(provider.GetRequiredService<SchemaRegistry>())));
            services.TryAddSingleton<SqliteDialect>();
            services.TryAddSingleton(provider => Database<SqliteScimDbContext>(provider, provider.GetRequiredService<SqliteDialect>()));
        }

        services.TryAddSingleton<RowLevelSecurity>();
        services.TryAddSingleton<DatabaseMigrator>();
        services.TryAddSingleton<Tenants>();
        services.TryAddSingleton<TokenUse>();
        services.TryAddSingleton<AcceptedTokens>();
        services.TryAddSingleton<AccessTokens>();
        services.TryAddSingleton<TokenRotation>();
        services.TryAddSingleton<Clients>();
        services.TryAddSingleton<ClientSecrets>();
        services.TryAddSingleton<TenantDeletion>();
        services.TryAddSingleton<AdminLog>();
        services.TryAddSingleton<ChangeQueries>();
        services.TryAddSingleton<ProvisioningLogWriter>();
        services.TryAddSingleton<ProvisioningLogQueries>();
        services.TryAddSingleton<ProvisioningLogRetention>();
        services.TryAddSingleton<PersonErasure>();
        services.TryAddSingleton<Passwords>();
        services.TryAddSingleton<ServerKeys>();
        services.TryAddSingleton(provider => new StoredSecrets(provider.GetRequiredService<ServerKeys>(), options));
        services.TryAddSingleton<SecretInventory>();
        services.TryAddSingleton<WorkLeases>();
        services.TryAddSingleton<WebhookEndpoints>();
        services.TryAddSingleton<WebhookQueries>();
        services.TryAddSingleton<WebhookReplays>();
        services.TryAddSingleton<WebhookRetention>();
        services.TryAddSingleton<DeliveryJournal>();
        services.TryAddSingleton<WebhookDeliveries>();
        services.TryAddSingleton(provider => new ChangeFeed(provider.GetRequiredService<ScimDatabase>(), provider.GetRequiredService<ServerKeys>()));
        services.TryAddSingleton<ChangeRetention>();
        services.TryAddSingleton<EventStreams>();
        services.TryAddSingleton<StreamQueue>();
        services.TryAddSingleton<StreamBacklog>();
        services.TryAddSingleton<StoredSigningKeys>();
        services.TryAddSingleton<FilterSelectivity>();
        services.TryAddSingleton(new PageBounds());
        services.TryAddScoped<TenantContext>();
        services.TryAddScoped<ResourceStore>();
        services.TryAddScoped(provider => new ResourceQueries(
            provider.GetRequiredService<ScimDatabase>(),
            provider.GetRequiredService<TenantContext>(),
            provider.GetRequiredService<ServerKeys>(),
            provider.GetRequiredService<FilterSelectivity>(),
            provider.GetRequiredService<PageBounds>()));
        return services;
    }

    /// <summary>PostgreSQL with the settings that the writes rely on.</summary>
    internal static DbContextOptionsBuilder UsePostgreSql(DbContextOptionsBuilder builder, string connectionString)
    {
        var settings = PostgreSqlSettings.Complete(connectionString);
        return builder.UseNpgsql(settings).UseSnakeCaseNamingConvention();
    }

    /// <summary>SQLite.</summary>
    internal static DbContextOptionsBuilder UseSqlite(DbContextOptionsBuilder builder, string connectionString) =>
        builder.UseSqlite(connectionString).UseSnakeCaseNamingConvention();

    /// <summary>OpenIddict's store of applications, which finds the clients of the token endpoint. Its context sees no tenant's resources.</summary>
    private static void AddClientStore<TContext>(this IServiceCollection services)
        where TContext : ScimDbContext
    {
        services.TryAddScoped(provider => (TContext)provider.GetRequiredService<ScimDatabase>().OpenForAccess());
        services.AddOpenIddict().AddCore(core => core
            .UseEntityFrameworkCore()
            .UseDbContext<TContext>()
            .ReplaceDefaultEntities<ClientRow, ClientAuthorization, OpenIddictEntityFrameworkCoreScope<Guid>, ClientToken, Guid>());
    }

    private static ScimDatabase Database<TContext>(IServiceProvider provider, DatabaseDialect dialect)
        where TContext : ScimDbContext
    {
        var factory = provider.GetRequiredService<IDbContextFactory<TContext>>();
        return new ScimDatabase(factory.CreateDbContext, dialect);
    }
}
