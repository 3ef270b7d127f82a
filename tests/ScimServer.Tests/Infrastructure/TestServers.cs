using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Tests.Infrastructure;

/// <summary>One server per database for the whole run; each test works in a tenant of its own.</summary>
internal static class TestServers
{
    private static readonly ConcurrentDictionary<Database, Lazy<Task<ScimServerFactory>>> Servers = new();

    /// <summary>The shared server of a database.</summary>
    public static Task<ScimServerFactory> GetAsync(Database database) =>
        Servers.GetOrAdd(database, key => new Lazy<Task<ScimServerFactory>>(() => TestRun.ForAllAsync(() => ScimServerFactory.StartAsync(key)))).Value;

    /// <summary>A client with a token of a new, empty tenant.</summary>
    public static async Task<ScimClient> NewTenantAsync(Database database) => await NewTenantAsync(await GetAsync(database));

    /// <summary>A client with a token of a new, empty tenant of a server.</summary>
    public static async Task<ScimClient> NewTenantAsync(ScimServerFactory server)
    {
        var tenant = await server.Services.GetRequiredService<Tenants>().CreateAsync($"t-{Guid.NewGuid():N}", default);
        var issued = await server.Services.GetRequiredService<AccessTokens>().CreateAsync(tenant.Name, "test", expiresAt: null, default);
        return new ScimClient(server, tenant, issued.Secret);
    }
}
