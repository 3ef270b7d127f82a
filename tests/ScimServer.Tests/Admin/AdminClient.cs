using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Admin;

/// <summary>Sends requests to the admin API of a server. Paths are below /admin; bodies are JSON text.</summary>
internal sealed class AdminClient(ScimServerFactory server, string? token)
{
    private static readonly HttpClient Http = new();

    public string? Token => token;

    /// <summary>A client with a new token of the operator, which has the name.</summary>
    public static async Task<AdminClient> NewAsync(ScimServerFactory server, string name = "operations") =>
        new(server, (await server.Services.GetRequiredService<AccessTokens>().CreateForOperatorAsync(name, null, default)).Secret);

    public async Task<ScimResponse> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(server.Address, "/admin" + path));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await Http.SendAsync(request);
        return await ScimResponse.ReadAsync(response);
    }

    public Task<ScimResponse> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ScimResponse> PostAsync(string path, string body = "{}") => SendAsync(HttpMethod.Post, path, body);

    /// <summary>Fails the test unless the answer is a problem (RFC 9457) with the status that names the field; gives its detail.</summary>
    public static string ExpectProblem(ScimResponse answer, int status, string? field = null)
    {
        answer.Expect(status);
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Equal(status, (int)answer.Object["status"]!);
        Assert.NotEmpty((string)answer.Object["title"]!);
        Assert.Equal(field, (string?)answer.Object["field"]);
        return (string)answer.Object["detail"]!;
    }
}
