using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Tests.Infrastructure;

/// <summary>Sends requests as a client of one tenant. Paths are below the SCIM base (<c>/Users</c>); bodies are JSON text.</summary>
internal sealed class ScimClient
{
    public const string User = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string Group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    public const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    public const string PatchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    public const string MediaType = "application/scim+json";

    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public ScimClient(ScimServerFactory server, Tenant tenant, string? token)
    {
        Server = server;
        Tenant = tenant;
        Token = token;
    }

    public ScimServerFactory Server { get; }

    public Tenant Tenant { get; }

    public string? Token { get; }

    public string BaseUrl => new Uri(Server.Address, "/scim/v2").ToString();

    /// <summary>The same tenant with another credential, or none.</summary>
    public ScimClient WithToken(string? token) => new(Server, Tenant, token);

    public Task<ScimResponse> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<ScimResponse> PostAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, body, headers);

    public Task<ScimResponse> PutAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Put, path, body, headers);

    public Task<ScimResponse> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Delete, path, null, headers);

    /// <summary>A PATCH with the operations, given as the JSON of the array's elements.</summary>
    public Task<ScimResponse> PatchAsync(string path, string operations, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Patch, path, $$"""{"schemas":["{{PatchOp}}"],"Operations":[{{operations}}]}""", headers);

    /// <summary>A list with a filter, percent-encoded; further parameters are appended as they are.</summary>
    public Task<ScimResponse> FindAsync(string path, string filter, string more = "") => GetAsync($"{path}?filter={Uri.EscapeDataString(filter)}{more}");

    public async Task<ScimResponse> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Server.Address, "/scim/v2" + path));
        if (Token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }

        request.Headers.Accept.ParseAdd(MediaType);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, MediaType);
        }

        foreach (var (name, value) in headers)
        {
            Set(request, name, value);
        }

        return await SendAsync(request);
    }

    public async Task<ScimResponse> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        var answer = await ScimResponse.ReadAsync(response);
        TenantSql.AssertNone();
        return answer;
    }

    /// <summary>Creates a user and gives it as answered.</summary>
    public async Task<JsonObject> CreateUserAsync(string? userName = null, string more = "")
    {
        var name = userName ?? $"user-{Guid.NewGuid():N}@example.com";
        var response = await PostAsync("/Users", $$"""{"schemas":["{{User}}"],"userName":"{{name}}"{{(more.Length > 0 ? "," + more : "")}}}""");
        return response.Expect(201).Object;
    }

    /// <summary>Creates a group and gives it as answered.</summary>
    public async Task<JsonObject> CreateGroupAsync(string? displayName = null, params string[] members)
    {
        var values = string.Join(',', members.Select(id => $$"""{"value":"{{id}}"}"""));
        var response = await PostAsync(
            "/Groups", $$"""{"schemas":["{{Group}}"],"displayName":"{{displayName ?? $"group-{Guid.NewGuid():N}"}}","members":[{{values}}]}""");
        return response.Expect(201).Object;
    }

    /// <summary>The ids of the members of a group, sorted.</summary>
    public async Task<string[]> MembersAsync(string groupId)
    {
        var group = (await GetAsync("/Groups/" + groupId)).Expect(200).Object;
        return [.. (group["members"]?.AsArray() ?? []).Select(member => (string)member!["value"]!).Order(StringComparer.Ordinal)];
    }

    private static void Set(HttpRequestMessage request, string name, string value)
    {
        if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && request.Content is not null)
        {
            request.Content.Headers.Remove(name);
            request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        else
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
