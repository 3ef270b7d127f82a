using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace ScimServer.Benchmarks;

/// <summary>Sends requests; an answer that is no success ends the benchmark.</summary>
internal static class Requests
{
    public static async Task PatchAsync(ServerProcess server, string path, JsonObject operation)
    {
        using var content = Body(new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
            ["Operations"] = new JsonArray(operation),
        });
        await SendAsync(server, HttpMethod.Patch, path, content);
    }

    public static StringContent Body(JsonObject body) => new(body.ToJsonString(), new MediaTypeHeaderValue("application/scim+json"));

    public static async Task SendAsync(ServerProcess server, HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await server.Client.SendAsync(request);
        await RequireSuccessAsync(response);
    }

    /// <summary>Reads an answer without keeping it.</summary>
    /// <returns>Its length in bytes.</returns>
    public static async Task<double> ReadAsync(ServerProcess server, string path)
    {
        using var response = await server.Client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await RequireSuccessAsync(response);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 16];
        var (total, read) = (0L, 0);
        while ((read = await body.ReadAsync(buffer)) > 0)
        {
            total += read;
        }

        return total;
    }

    private static async Task RequireSuccessAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            var request = response.RequestMessage!;
            throw new InvalidOperationException($"{request.Method} {request.RequestUri}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }
}
