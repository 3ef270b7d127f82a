using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.PostgreSql;
using Scim.EntityFrameworkCore.Sqlite;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Isolation;

/// <summary>What isolation and distribution by tenant rest on: keys that begin with it, and statements that name it.</summary>
public sealed class TenantSqlTests
{
    [Theory]
    [InlineData("SELECT * FROM resources WHERE id = @id", false)]
    [InlineData("SELECT r.tenant_id FROM resources AS r WHERE r.id = @id", false)]
    [InlineData("SELECT * FROM resources WHERE id = 'tenant_id = 1'", false)]
    [InlineData("SELECT * FROM resources AS r JOIN memberships AS m ON m.member_id = r.id WHERE r.tenant_id = @t", false)]
    [InlineData("SELECT * FROM resources AS r JOIN memberships AS m ON m.tenant_id = r.tenant_id AND m.member_id = r.id WHERE r.tenant_id = @t", true)]
    [InlineData("UPDATE \"resources\" SET version = 2 WHERE id = @id", false)]
    [InlineData("DELETE FROM changes WHERE tenant_id = @t AND seq < 5", true)]
    [InlineData("INSERT INTO changes (txn, seq) VALUES (@x, @t)", false)]
    [InlineData("INSERT INTO changes (tenant_id, txn) VALUES (@t, @x)", true)]
    [InlineData("SELECT * FROM tenants", true)]
    public void A_statement_without_its_tenant_is_recognised(string sql, bool isRight) => Assert.Equal(isRight, TenantSql.NamesTenant(sql));

    [SkippableTheory, EachDatabase]
    public async Task Statements_of_every_kind_are_watched(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var before = TenantSql.Seen;
        var id = (string)(await scim.CreateUserAsync())["id"]!;
        (await scim.GetAsync("/Users/" + id)).Expect(200);
        (await scim.GetAsync("/Users")).Expect(200);
        (await scim.DeleteAsync("/Users/" + id)).Expect(204);
        Assert.True(TenantSql.Seen >= before + 6, $"{TenantSql.Seen - before}");
        TenantSql.AssertNone();
    }

    /// <summary>So that the tables can be partitioned or distributed by tenant without a change of code.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public void Every_key_of_a_tenants_table_has_the_tenant(bool isPostgreSql)
    {
        using ScimDbContext context = isPostgreSql
            ? new PostgreSqlScimDbContext(new DbContextOptionsBuilder<PostgreSqlScimDbContext>().UseNpgsql().Options)
            : new SqliteScimDbContext(new DbContextOptionsBuilder<SqliteScimDbContext>().UseSqlite().Options);
        var tables = TenantTables.Walled(context.Model).ToList();

        Assert.Superset(new HashSet<string> { "resources", "memberships", "changes", "resource_counts" }, tables.Select(table => table.GetTableName()!).ToHashSet());
        foreach (var table in tables)
        {
            var name = table.GetTableName();
            Assert.True(!isPostgreSql || table.FindPrimaryKey()!.Properties[0].Name == "TenantId", $"The primary key of {name} does not begin with the tenant.");
            Assert.All(table.GetIndexes().Where(index => index.IsUnique), index => Assert.True(index.Properties[0].Name == "TenantId", $"{index.GetDatabaseName()} does not begin with the tenant."));
            Assert.All(table.GetKeys(), key => Assert.True(!isPostgreSql || key.Properties[0].Name == "TenantId", $"{key.GetName()} does not begin with the tenant."));
            Assert.All(table.GetForeignKeys(), key => Assert.Equal(("TenantId", "TenantId"), (key.Properties[0].Name, key.PrincipalKey.Properties[0].Name)));
            Assert.NotEmpty(table.GetDeclaredQueryFilters());
        }

        // Everything else is the operator's, small, and found before a tenant is known.
        var others = context.Model.GetEntityTypes().Except(tables).Select(table => table.GetTableName()!);
        Assert.Subset(
            new HashSet<string>
            {
                "access_tokens", "admin_actions", "client_secrets", "clients", "leases", "operational_events", "poll_streams", "push_streams", "refused_requests", "request_counts", "server_keys", "signing_keys", "tenants",
                "webhook_attempts", "webhook_endpoints", "webhook_positions", "webhook_retries",
            },
            others.ToHashSet());
    }
}
