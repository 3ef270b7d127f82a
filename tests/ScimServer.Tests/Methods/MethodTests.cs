using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Methods;

/// <summary>Every endpoint of the route table with every method (RFC 9110 §9, §15.5.6).</summary>
public sealed class MethodTests
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "FOO"];

    [SkippableTheory]
    [EachDatabase]
    public async Task A_method_that_an_endpoint_lacks_is_405_with_those_that_it_has(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        foreach (var (path, allowed) in Endpoints(scim.Server))
        {
            foreach (var method in Methods.Except(allowed))
            {
                var answer = await scim.SendAsync(new HttpMethod(method), path, method is "POST" or "PUT" or "PATCH" ? "{}" : null);
                Assert.True(method == "HEAD" ? answer.Expect(405).Text.Length == 0 : answer.ExpectError(405).Length > 0);
                Assert.Equal(allowed.Append("OPTIONS").Sorted(), Allow(answer));
            }
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OPTIONS_tells_the_methods_of_every_endpoint_without_a_token_and_nothing_of_ids(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var anyone = scim.WithToken(null);
        var user = await scim.CreateUserIdAsync();

        foreach (var (path, allowed) in Endpoints(scim.Server))
        {
            foreach (var client in new[] { scim, anyone, scim.WithToken("wrong") })
            {
                var answer = (await client.SendAsync(HttpMethod.Options, path)).Expect(204);
                Assert.Empty(answer.Text);
                Assert.Equal(allowed.Append("OPTIONS").Sorted(), Allow(answer));
            }
        }

        var (known, unknown) = (await anyone.SendAsync(HttpMethod.Options, $"/Users/{user}"), await anyone.SendAsync(HttpMethod.Options, $"/Users/{Guid.NewGuid()}"));
        Assert.Equal(Comparable(known), Comparable(unknown));
        (await anyone.SendAsync(HttpMethod.Options, "/Nope")).ExpectError(404);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC9110_9_1_HEAD_is_wherever_GET_is_and_has_its_headers(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var endpoints = Endpoints(scim.Server);
        Assert.All(endpoints, endpoint => Assert.Equal(endpoint.Allowed.Contains("GET"), endpoint.Allowed.Contains("HEAD")));

        var user = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupIdAsync("g", user);
        var paths = endpoints.Where(endpoint => endpoint.Allowed.Contains("GET")).Select(endpoint => endpoint.Path);
        foreach (var path in paths.Concat([$"/Users/{user}", $"/Groups/{group}", "/Schemas/" + ScimClient.User, "/ResourceTypes/User", "/Users?count=0", "/Users?filter=x"]))
        {
            var (get, head) = (await scim.GetAsync(path), await scim.SendAsync(HttpMethod.Head, path));
            Assert.Empty(head.Text);
            Assert.Equal(Comparable(get), Comparable(head));
        }
    }

    /// <summary>RFC 7644 §3.11: 501 says that the address is right and the feature missing.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_11_Me_is_501_for_every_method_and_401_without_a_token(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        foreach (var method in Methods.Append("OPTIONS").Except(["HEAD"]))
        {
            var body = method is "POST" or "PUT" or "PATCH" ? "{}" : null;
            (await scim.SendAsync(new HttpMethod(method), "/Me", body)).ExpectError(501);
            (await scim.WithToken(null).SendAsync(new HttpMethod(method), "/Me", body)).ExpectError(401);
        }

        Assert.Empty((await scim.SendAsync(HttpMethod.Head, "/Me")).Expect(501).Text);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_5_1_PUT_and_PATCH_of_an_unknown_id_are_404_and_create_nothing(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync("taken");
        var group = await scim.CreateGroupIdAsync("g");

        foreach (var id in new[] { Guid.NewGuid().ToString(), "mine", "0" })
        {
            (await scim.PutAsync($"/Users/{id}", """{"userName":"new"}""")).ExpectError(404);
            (await scim.PutAsync($"/Users/{id}", """{"userName":"taken"}""")).ExpectError(404);
            (await scim.PutAsync($"/Groups/{id}", """{"displayName":"new"}""")).ExpectError(404);
            (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"title","value":"T"}""")).ExpectError(404);
            (await scim.DeleteAsync($"/Users/{id}")).ExpectError(404);
        }

        // The id of another type is none.
        (await scim.PutAsync($"/Users/{group}", """{"userName":"new"}""")).ExpectError(404);
        (await scim.PutAsync($"/Groups/{user}", """{"displayName":"new"}""")).ExpectError(404);
        Assert.Equal((1, 1), ((int)(await scim.GetAsync("/Users")).Object["totalResults"]!, (int)(await scim.GetAsync("/Groups")).Object["totalResults"]!));
    }

    /// <summary>
    /// The addresses of the protocol with the methods that are mapped, apart from those that are not supported at all. The
    /// search below a type has an address that could also be that of a resource.
    /// </summary>
    private static (string Path, string[] Allowed)[] Endpoints(ScimServerFactory server) =>
    [
        .. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is not null && endpoint.RoutePattern.RawText!.StartsWith("scim/v2", StringComparison.Ordinal))
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not null)
            .Where(endpoint => !endpoint.RoutePattern.RawText!.EndsWith("s/.search", StringComparison.Ordinal))
            .GroupBy(endpoint => endpoint.RoutePattern.RawText!["scim/v2".Length..].Replace("{id}", "0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f", StringComparison.Ordinal))
            .Select(group => (group.Key, group.SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods).Distinct().Sorted())),
    ];

    private static string[] Allow(ScimResponse answer) => [.. answer.Header("Allow")!.Split(", ").Sorted()];

    private static string Comparable(ScimResponse answer) => string.Join('\n', answer.Headers
        .Where(header => header.Key is not ("Date" or "X-Correlation-Id" or "Content-Length" or "Transfer-Encoding"))
        .OrderBy(header => header.Key, StringComparer.Ordinal)
        .Select(header => $"{header.Key}: {header.Value}").Prepend(answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
