using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.Isolation;

namespace ScimServer.Tests.Admin;

/// <summary>Who may administer: only the operator. Generated from the routing table.</summary>
public sealed class AdminAccessTests
{
    [SkippableTheory, EachDatabase]
    public async Task No_endpoint_lets_in_anybody_but_the_operator(Database database)
    {
        var server = await TestServers.GetAsync(database);
        var scim = await TestServers.NewTenantAsync(server);
        var all = await server.Services.GetRequiredService<AccessTokens>().CreateAsync(
            scim.Tenant.Name, new NewToken("all") { Scopes = AccessScopes.ScimRead | AccessScopes.ScimWrite | AccessScopes.Events }, default);
        var clients = server.Services.GetRequiredService<Clients>();
        var client = await clients.CreateAsync(scim.Tenant.Name, new NewClient("client"), default);
        var routes = Routes(server).ToList();
        Assert.True(routes.Count >= 20, $"Only {routes.Count} routes: is the route table read?");

        foreach (var (method, path) in routes)
        {
            var target = path.Replace("{tenantId:int}", $"{scim.Tenant.Id}", StringComparison.Ordinal).Replace("{tokenId:guid}", $"{all.Token.Id}", StringComparison.Ordinal)
                .Replace("{clientId:guid}", $"{client.Client.Id}", StringComparison.Ordinal)
                .Replace("{secretId:guid}", $"{client.SecretId}", StringComparison.Ordinal)
                .Replace("{streamId:guid}", $"{all.Token.Id}", StringComparison.Ordinal);
            target = HostilePath.Fill(target, _ => "x");
            var body = method is "POST" or "PUT" ? "{}" : null;
            var anonymous = await new AdminClient(server, null).SendAsync(new HttpMethod(method), target, body);
            AdminClient.ExpectProblem(anonymous, 401);
            Assert.Equal("Bearer realm=\"scim\"", anonymous.Header("WWW-Authenticate"));
            AdminClient.ExpectProblem(await new AdminClient(server, TokenSecret.Create()).SendAsync(new HttpMethod(method), target, body), 401);
            var tenant = await new AdminClient(server, all.Secret).SendAsync(new HttpMethod(method), target, body);
            AdminClient.ExpectProblem(tenant, 403);
            Assert.EndsWith("scope=\"admin\"", tenant.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }

        (await scim.GetAsync("/Users")).Expect(200);
        var untouched = (await clients.FindAsync(client.Client.Id, default))!;
        Assert.Null(untouched.DisabledAt);
        Assert.Equal((null, null), (Assert.Single(untouched.Secrets).RevokedAt, untouched.Secrets[0].ExpiresAt));
        Assert.Equal(2, (await server.Services.GetRequiredService<AccessTokens>().ListAsync(scim.Tenant.Name, default)).Count);
    }

    [SkippableTheory, EachDatabase]
    public async Task An_address_that_there_is_not_is_a_problem(Database database)
    {
        var admin = await AdminClient.NewAsync(await TestServers.GetAsync(database));
        AdminClient.ExpectProblem(await admin.GetAsync("/nothing"), 404);
        AdminClient.ExpectProblem(await admin.SendAsync(HttpMethod.Delete, "/tenants"), 405);
    }

    private static IEnumerable<(string Method, string Path)> Routes(ScimServerFactory server) =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
        where pattern.StartsWith("/admin", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
        select (method, pattern["/admin".Length..]);
}
