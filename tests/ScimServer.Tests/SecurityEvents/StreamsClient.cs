using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.SecurityEvents;

/// <summary>A token that was delivered and has been verified.</summary>
internal sealed record VerifiedSet(string Jwt, JsonObject Header, JsonObject Claims)
{
    public string Jti => (string)Claims["jti"]!;

    public JsonObject Events => Claims["events"]!.AsObject();

    public string Uri => (string)Claims["sub_id"]!["uri"]!;
}

/// <summary>A receiver of a tenant's streams, with a token of its own.</summary>
internal sealed class StreamsClient(ScimServerFactory server, string? token)
{
    public const string Prefix = "urn:ietf:params:scim:event:prov:";

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = TimeSpan.FromMinutes(2) };

    public string? Token => token;

    public ScimServerFactory Server => server;

    public static async Task<StreamsClient> OfAsync(ScimClient scim)
    {
        var tokens = scim.Server.Services.GetRequiredService<AccessTokens>();
        return new StreamsClient(scim.Server, (await tokens.CreateAsync(scim.Tenant.Name, new NewToken("receiver") { Scopes = AccessScopes.Events }, default)).Secret);
    }

    /// <summary>The same receiver at another instance.</summary>
    public StreamsClient At(ScimServerFactory other) => new(other, token);

    public async Task<ScimResponse> SendAsync(HttpMethod method, string path, string? body = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, new Uri(server.Address, path));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await Http.SendAsync(request, cancellationToken);
        var answer = await ScimResponse.ReadAsync(response);
        TenantSql.AssertNone();
        return answer;
    }

    public Task<ScimResponse> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ScimResponse> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public async Task<JsonObject> CreateAsync(string body = "{}") => (await PostAsync("/ssf/streams", body)).Expect(201).Object;

    public async Task<string> CreateIdAsync(string body = "{}") => (string)(await CreateAsync(body))["stream_id"]!;

    public Task<ScimResponse> PollAsync(string stream, string body = """{"returnImmediately":true}""") => PostAsync($"/ssf/streams/{stream}/poll", body);

    /// <summary>What waits, verified, without acknowledging it.</summary>
    public async Task<List<VerifiedSet>> PeekAsync(string stream, string more = "")
    {
        await EventsClient.SettleAsync(server);
        return await VerifyAsync((await PollAsync(stream, $$"""{"returnImmediately":true{{more}}}""")).Expect(200));
    }

    /// <summary>What waits, verified and acknowledged.</summary>
    public async Task<List<VerifiedSet>> TakeAsync(string stream)
    {
        var sets = await PeekAsync(stream);
        await AcknowledgeAsync(stream, sets);
        return sets;
    }

    public async Task AcknowledgeAsync(string stream, IEnumerable<VerifiedSet> sets) =>
        (await PollAsync(stream, $$"""{"ack":[{{string.Join(',', sets.Select(set => $"\"{set.Jti}\""))}}],"maxEvents":0,"returnImmediately":true}""")).Expect(200);

    /// <summary>The tokens of an answer, each under its own jti.</summary>
    public async Task<List<VerifiedSet>> VerifyAsync(ScimResponse answer)
    {
        var sets = new List<VerifiedSet>();
        foreach (var (jti, jwt) in answer.Object["sets"]!.AsObject())
        {
            sets.Add(await VerifyAsync((string)jwt!));
            Assert.Equal(jti, sets[^1].Jti);
        }

        return sets;
    }

    public async Task<string> KeysAsync() => (await Http.GetStringAsync(new Uri(server.Address, "/ssf/jwks")))!;

    /// <summary>As a receiver does: by the published keys, with the type of SETs, and no expiry (EVT-06).</summary>
    public async Task<VerifiedSet> VerifyAsync(string jwt, string? keys = null)
    {
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(jwt, new TokenValidationParameters
        {
            IssuerSigningKeys = new JsonWebKeySet(keys ?? await KeysAsync()).GetSigningKeys(),
            ValidTypes = ["secevent+jwt"],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            RequireExpirationTime = false,
            ValidateIssuer = false,
            ValidateAudience = false,
        });
        Assert.True(result.IsValid, result.Exception?.ToString());
        var parts = jwt.Split('.').Select(part => part.Length == 0 ? "" : Base64UrlEncoder.Decode(part)).ToArray();
        return new VerifiedSet(jwt, JsonNode.Parse(parts[0])!.AsObject(), JsonNode.Parse(parts[1])!.AsObject());
    }
}
