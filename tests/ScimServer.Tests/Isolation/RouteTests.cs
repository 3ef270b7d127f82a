using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Isolation;

/// <summary>Every endpoint of the route table, so that one which is added is looked at too, wherever it is.</summary>
public sealed class RouteTests
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    /// <summary>What everybody may ask for. Nothing in it belongs to a tenant, and the token endpoint asks for a client's secret.</summary>
    private static readonly string[] Open =
        ["/health", "/scim/v2/ServiceProviderConfig", "/scim/v2/ResourceTypes", "/scim/v2/Schemas", "/oauth/token", "/.well-known/oauth-authorization-server", "/.well-known/jwks", "/.well-known/ssf-configuration", "/ssf/jwks"];

    [SkippableTheory, EachDatabase]
    public async Task Nobody_is_let_in_without_a_credential_but_where_it_is_meant(Database database)
    {
        var server = await TestServers.GetAsync(database);
        var scim = await TestServers.NewTenantAsync(server);
        var user = await scim.CreateUserIdAsync("hidden-user");
        var routes = Routes(server).ToList();
        Assert.True(routes.Count > 60, $"Only {routes.Count} routes: is the route table read?");

        foreach (var (method, pattern) in routes)
        {
            var (status, text) = await SendAsync(server, method, HostilePath.Fill(pattern, _ => user), token: null);
            Assert.True(status is 401 || Open.Any(open => pattern.StartsWith(open, StringComparison.Ordinal)), $"{method} {pattern} answered {status}: {text}");
            Assert.True(status < 500, $"{method} {pattern} answered {status}: {text}");
            Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
            Assert.DoesNotContain(scim.Tenant.Name, text, StringComparison.Ordinal);
        }
    }

    /// <summary>Below the base of SCIM and of the admin API there are tests of their own; this is about all else.</summary>
    [SkippableTheory, EachDatabase]
    public async Task Endpoints_beside_SCIM_show_nothing_of_another_tenant(Database database)
    {
        var server = await TestServers.GetAsync(database);
        var (mine, theirs) = (await TestServers.NewTenantAsync(server), await TestServers.NewTenantAsync(server));
        var user = await theirs.CreateUserIdAsync("hidden-user", """ "externalId":"hidden-external" """);
        var all = await server.Services.GetRequiredService<AccessTokens>().CreateAsync(
            mine.Tenant.Name, new NewToken("all") { Scopes = AccessScopes.ScimRead | AccessScopes.ScimWrite | AccessScopes.Events }, default);
        var tried = 0;
        foreach (var (method, pattern) in Routes(server).Where(route => !route.Pattern.StartsWith("/scim/", StringComparison.Ordinal)))
        {
            var (status, text) = await SendAsync(server, method, HostilePath.Fill(pattern, _ => user), all.Secret);
            tried++;
            Assert.True(status < 500, $"{method} {pattern} answered {status}: {text}");
            Assert.True(!pattern.StartsWith("/admin", StringComparison.Ordinal) || status == 403, $"{method} {pattern} answered {status}: {text}");
            Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
            Assert.DoesNotContain(user, text, StringComparison.Ordinal);
            Assert.DoesNotContain(theirs.Tenant.Name, text, StringComparison.Ordinal);
        }

        Assert.True(tried >= 25, $"Only {tried} requests: is the route table read?");
        (await theirs.GetAsync($"/Users/{user}")).Expect(200);
    }

    private static IEnumerable<(string Method, string Pattern)> Routes(ScimServerFactory server) =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET", "POST"]
        select (method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'));

    private static async Task<(int Status, string Text)> SendAsync(ScimServerFactory server, string method, string path, string? token)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Address, path));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (method is "POST" or "PUT" or "PATCH")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, path.StartsWith("/scim/", StringComparison.Ordinal) ? ScimClient.MediaType : "application/json");
        }

        // A stream of events has no end.
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
        var isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        return ((int)response.StatusCode, isStream ? "" : await response.Content.ReadAsStringAsync(stop.Token));
    }
}
