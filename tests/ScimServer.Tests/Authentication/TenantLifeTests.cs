using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Provisioning;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Authentication;

/// <summary>Tenants that are disabled, enabled and deleted.</summary>
public class TenantLifeTests
{
    [SkippableTheory, EachDatabase]
    public async Task The_tokens_of_a_disabled_tenant_are_refused_like_unknown_ones_until_it_is_enabled(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var tenants = scim.Server.Services.GetRequiredService<Tenants>();
        var id = (string)(await scim.CreateUserAsync())["id"]!;
        var unknown = await scim.WithToken(TokenSecret.Create()).GetAsync("/Users");

        await tenants.DisableAsync(scim.Tenant.Name, default);
        await tenants.DisableAsync(scim.Tenant.Name, default);
        var refused = await scim.GetAsync("/Users/" + id);
        refused.ExpectError(401);
        Assert.Equal((unknown.TextWithoutReference, unknown.Header("WWW-Authenticate")), (refused.TextWithoutReference, refused.Header("WWW-Authenticate")));
        (await scim.DeleteAsync("/Users/" + id)).ExpectError(401);
        Assert.NotNull((await tenants.FindAsync(scim.Tenant.Name, default))!.DisabledAt);

        await tenants.EnableAsync(scim.Tenant.Name, default);
        (await scim.GetAsync("/Users/" + id)).Expect(200);
        Assert.Null((await tenants.FindAsync(scim.Tenant.Name, default))!.DisabledAt);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_deleted_tenant_leaves_no_row_in_any_table_and_the_others_whole(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, new FastTime());
        var scim = await TestServers.NewTenantAsync(server);
        var other = await TestServers.NewTenantAsync(server);
        foreach (var client in (ScimClient[])[scim, other])
        {
            await FillAsync(client, users: client == scim ? 1000 : 3);
        }

        await server.Services.GetRequiredService<ProvisioningLogWorker>().FlushAsync(default);
        var before = await RowsAsync(scim);
        var others = await RowsAsync(other);
        Assert.All(new[] { "resources", "memberships", "changes", "access_tokens", "resource_counts", "requests", "request_counts" }, table => Assert.True(before[table] > 0, table));
        Assert.True(before["resources"] > 1000, "More than one batch.");

        var progress = new Progress();
        await server.Services.GetRequiredService<TenantDeletion>().RunAsync(scim.Tenant.Name, progress, default);

        Assert.All(await RowsAsync(scim), table => Assert.Equal((table.Key, 0L), (table.Key, table.Value)));
        Assert.Null(await server.Services.GetRequiredService<Tenants>().FindAsync(scim.Tenant.Name, default));
        Assert.Equal(others, await RowsAsync(other));
        Assert.Equal(before["resources"], progress.Seen.Where(step => step.Table == "resources").Max(step => step.Rows));
        (await scim.GetAsync("/Users")).ExpectError(401);
        (await other.GetAsync("/Users")).Expect(200);
        await server.Services.GetRequiredService<Tenants>().CreateAsync(scim.Tenant.Name, default);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_deletion_that_was_interrupted_is_continued_and_nothing_revives_the_tenant(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, new FastTime());
        var (tenants, tokens, deletion) = (
            server.Services.GetRequiredService<Tenants>(), server.Services.GetRequiredService<AccessTokens>(), server.Services.GetRequiredService<TenantDeletion>());
        var scim = await TestServers.NewTenantAsync(server);
        await FillAsync(scim, users: 3);
        using var interruption = new CancellationTokenSource();
        var progress = new Progress { OnReport = interruption.Cancel };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deletion.RunAsync(scim.Tenant.Name, progress, interruption.Token));

        (await scim.GetAsync("/Users")).ExpectError(401);
        await Assert.ThrowsAsync<AccessException>(() => tenants.EnableAsync(scim.Tenant.Name, default));
        await Assert.ThrowsAsync<AccessException>(() => tenants.CreateAsync(scim.Tenant.Name, default));
        await Assert.ThrowsAsync<AccessException>(() => tokens.CreateAsync(scim.Tenant.Name, "x", null, default));
        await deletion.RunAsync(scim.Tenant.Name, new Progress(), default);
        Assert.All(await RowsAsync(scim), table => Assert.Equal((table.Key, 0L), (table.Key, table.Value)));
    }

    [SkippableTheory, EachDatabase]
    public async Task A_tenant_that_there_is_not_is_not_changed(Database database)
    {
        var services = (await TestServers.GetAsync(database)).Services;
        await Assert.ThrowsAsync<AccessException>(() => services.GetRequiredService<Tenants>().DisableAsync("nobody", default));
        await Assert.ThrowsAsync<AccessException>(() => services.GetRequiredService<Tenants>().EnableAsync("nobody", default));
        await Assert.ThrowsAsync<AccessException>(() => services.GetRequiredService<TenantDeletion>().RunAsync("nobody", new Progress(), default));
    }

    private static async Task FillAsync(ScimClient scim, int users)
    {
        var operations = Enumerable.Range(0, users).Select(n =>
            $$$"""{"method":"POST","path":"/Users","bulkId":"u{{{n}}}","data":{"schemas":["{{{ScimClient.User}}}"],"userName":"user-{{{n}}}"}}""");
        (await scim.PostAsync("/Bulk", $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{{string.Join(',', operations)}}]}""")).Expect(200);
        var first = (string)(await scim.GetAsync("/Users?count=1")).Expect(200).Resources[0]!["id"]!;
        await scim.CreateGroupIdAsync("group", first);
        await scim.CreateUserAsync();
    }

    /// <summary>The numbers of rows that each table of the model has of the tenant.</summary>
    private static async Task<SortedDictionary<string, long>> RowsAsync(ScimClient scim)
    {
        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in context.Model.GetEntityTypes().Where(type => type.FindProperty("TenantId") is not null).Select(type => type.GetTableName()!))
        {
            var sql = string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) AS \"Value\" FROM {table} WHERE tenant_id = {scim.Tenant.Id}");
            rows.Add(table, await context.Database.SqlQueryRaw<long>(sql).SingleAsync());
        }

        return rows;
    }

    private sealed class Progress : IProgress<TenantDeletionProgress>
    {
        public List<TenantDeletionProgress> Seen { get; } = [];

        public Action OnReport { get; init; } = () => { };

        public void Report(TenantDeletionProgress value)
        {
            Seen.Add(value);
            OnReport();
        }
    }
}
