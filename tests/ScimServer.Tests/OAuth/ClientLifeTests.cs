using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Admin;
using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.OAuth.TokenClient;

namespace ScimServer.Tests.OAuth;

/// <summary>A client, its secrets and its access tokens from their making to their end.</summary>
public sealed class ClientLifeTests
{
    [SkippableTheory, EachDatabase]
    public async Task Two_secrets_are_valid_while_they_are_rotated_and_no_third(Database database)
    {
        var time = new MovableTime();
        await using var server = await ScimServerFactory.StartAsync(database, time);
        var client = await NewAsync(server, expiresAt: DateTimeOffset.UtcNow.AddDays(400));

        var second = await client.Secrets.RotateAsync(client.Id, TimeSpan.FromHours(1), null, default);

        await client.TokenAsync();
        await client.TokenAsync(second.Secret);
        var refusal = await Assert.ThrowsAsync<AccessException>(() => client.Secrets.RotateAsync(client.Id, TimeSpan.Zero, null, default));
        Assert.Equal(AccessFault.Conflict, refusal.Fault);
        Assert.InRange(second.Client.Secrets.Single(secret => secret.Id == second.SecretId).ExpiresAt!.Value, DateTimeOffset.UtcNow.AddDays(399), DateTimeOffset.UtcNow.AddDays(401));

        time.Move(TimeSpan.FromHours(1.1));
        await client.RefusedAsync("invalid_client", Basic($"{client.Id}", client.Secret));
        await client.TokenAsync(second.Secret);
        await client.Secrets.RotateAsync(client.Id, TimeSpan.Zero, null, default);
        await client.RefusedAsync("invalid_client", Basic($"{client.Id}", second.Secret));
    }

    [SkippableTheory, EachDatabase]
    public async Task Of_two_rotations_at_once_one_is_refused(Database database)
    {
        var client = await NewAsync(database);
        var refusals = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => RefusalAsync(client))));

        Assert.Single(refusals, refusal => refusal is null);
        Assert.Equal(2, (await client.Clients.FindAsync(client.Id, default))!.Secrets.Count);
    }

    /// <summary>Each instance believes a client for five seconds at most, as it does an access token.</summary>
    [SkippableTheory]
    [EachDatabase("revoke")]
    [EachDatabase("disable")]
    [EachDatabase("delete")]
    [EachDatabase("tenant")]
    public async Task Whatever_ends_a_client_ends_its_access_tokens_here_at_once_and_elsewhere_in_five_seconds(Database database, string what)
    {
        var time = new MovableTime();
        await using var server = await ScimServerFactory.StartAsync(database, time);
        await using var other = await AnotherInstanceAsync(database, server, time);
        var client = await NewAsync(server);
        var here = await client.SignInAsync();
        var there = new ScimClient(other, client.Scim.Tenant, here.Token);
        (await here.GetAsync("/Users")).Expect(200);
        (await there.GetAsync("/Users")).Expect(200);

        await (what switch
        {
            "revoke" => client.Secrets.RevokeAsync(client.Id, client.SecretId, default),
            "disable" => client.Clients.DisableAsync(client.Id, default),
            "delete" => client.Clients.DeleteAsync(client.Id, default),
            _ => server.Services.GetRequiredService<Tenants>().DisableAsync(client.Scim.Tenant.Name, default),
        });

        (await here.GetAsync("/Users")).ExpectError(401);
        await client.RefusedAsync("invalid_client", Basic($"{client.Id}", client.Secret));
        time.Move(TimeSpan.FromSeconds(5));
        (await there.GetAsync("/Users")).ExpectError(401);
        if (what == "disable")
        {
            await client.Clients.EnableAsync(client.Id, default);
            (await here.GetAsync("/Users")).Expect(200);
        }
    }

    [SkippableTheory, EachDatabase]
    public async Task An_access_token_ends_after_an_hour_and_a_little_or_with_its_secret(Database database)
    {
        var time = new MovableTime();
        await using var server = await ScimServerFactory.StartAsync(database, time);
        var (client, brief) = (await NewAsync(server), await NewAsync(server, expiresAt: DateTimeOffset.UtcNow.AddMinutes(10)));
        var (scim, ending) = (await client.SignInAsync(), await brief.SignInAsync());

        time.Move(TimeSpan.FromMinutes(10.5));
        (await scim.GetAsync("/Users")).Expect(200);
        (await ending.GetAsync("/Users")).ExpectError(401);
        time.Move(TimeSpan.FromMinutes(50));
        (await scim.GetAsync("/Users")).Expect(200);
        time.Move(TimeSpan.FromMinutes(5));
        (await scim.GetAsync("/Users")).ExpectError(401);
    }

    [SkippableTheory, EachDatabase]
    public async Task Signing_keys_are_one_for_all_instances_and_change_by_themselves(Database database)
    {
        var time = new MovableTime();
        await using var server = await ScimServerFactory.StartAsync(database, time);
        await using var other = await AnotherInstanceAsync(database, server, time);
        var client = await NewAsync(server);
        var before = await client.TokenAsync();
        (await new ScimClient(other, client.Scim.Tenant, before).GetAsync("/Users")).Expect(200);

        time.Move(TimeSpan.FromDays(61));
        var after = await client.TokenAsync();
        Assert.NotEqual(Header(before)["kid"]!.ToString(), Header(after)["kid"]!.ToString());
        (await client.Scim.WithToken(after).GetAsync("/Users")).Expect(200);
        (await new ScimClient(other, client.Scim.Tenant, after).GetAsync("/Users")).Expect(200);
        await using var context = server.Services.GetRequiredService<ScimDatabase>().Open(1);
        Assert.DoesNotContain(await context.ServerKeys.Select(key => key.Name).ToListAsync(), name => name == (string?)Header(before)["kid"]);
    }

    [SkippableTheory, EachDatabase]
    public async Task Signing_keys_are_stored_encrypted_and_those_in_clear_of_earlier_versions_are_taken_and_encrypted(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, ("Database:SecretKeys:0", Convert.ToBase64String(RandomNumberGenerator.GetBytes(StoredSecrets.KeyBytes))));
        await using var context = server.Services.GetRequiredService<ScimDatabase>().Open(1);
        using var earlier = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (name, clear) = ($"oauth-signing-{DateTimeOffset.UtcNow.UtcTicks / TimeSpan.FromDays(30).Ticks}", earlier.ExportPkcs8PrivateKey());
        context.ServerKeys.Add(new Scim.EntityFrameworkCore.Rows.ServerKeyRow { Name = name, Value = clear });
        await context.SaveChangesAsync();

        var client = await NewAsync(server);
        var token = await client.TokenAsync();
        (await client.Scim.WithToken(token).GetAsync("/Users")).Expect(200);

        var parts = token.Split('.');
        Assert.True(earlier.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), WebEncoders.Base64UrlDecode(parts[2]), HashAlgorithmName.SHA256));
        (await client.Scim.GetAsync("/ServiceProviderConfig")).Expect(200);
        using var http = new HttpClient();
        await http.GetStringAsync(new Uri(server.Address, "/.well-known/jwks"));
        var stored = await context.ServerKeys.Where(key => key.Name.StartsWith("oauth-signing-")).ToListAsync();
        Assert.Equal(3, stored.Count);
        Assert.All(stored, key => Assert.ThrowsAny<CryptographicException>(() => ECDsa.Create().ImportPkcs8PrivateKey(key.Value, out _)));
        await using var other = await AnotherInstanceAsync(database, server, TimeProvider.System, ("Database:SecretKeys:0", Convert.ToBase64String(RandomNumberGenerator.GetBytes(StoredSecrets.KeyBytes))), ("Database:SecretKeys:1", server.Services.GetRequiredService<DatabaseOptions>().SecretKeys[0]));
        (await new ScimClient(other, client.Scim.Tenant, token).GetAsync("/Users")).Expect(200);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_changed_access_token_is_refused(Database database)
    {
        var client = await NewAsync(database);
        var token = await client.TokenAsync();
        var parts = token.Split('.');
        var payload = JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[1]))!;
        payload["scope"] = "scim:read scim:write events admin";
        string[] forged =
        [
            $"{parts[0]}.{Encode(payload)}.{parts[2]}", $"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}", $"{parts[0]}.{parts[1]}.", $"{Encode(With(parts[0], "alg", "none"))}.{parts[1]}.",
            $"{Encode(With(parts[0], "alg", "HS256"))}.{parts[1]}.{parts[2]}", $"{Encode(With(parts[0], "kid", "oauth-signing-0"))}.{parts[1]}.{parts[2]}",
            $"{Encode(With(parts[0], "kid", "oauth-signing--1"))}.{parts[1]}.{parts[2]}", $"{Encode(With(parts[0], "kid", "oauth-signing-99999999999999999999"))}.{parts[1]}.{parts[2]}", token + "A", token[1..],
        ];
        foreach (var wrong in forged)
        {
            (await client.Scim.WithToken(wrong).GetAsync("/Users")).ExpectError(401);
        }

        (await client.Scim.WithToken(token).GetAsync("/Users")).Expect(200);
    }

    [SkippableTheory, EachDatabase]
    public async Task The_operator_administers_clients_and_it_is_written_down(Database database)
    {
        var server = await TestServers.GetAsync(database);
        var (admin, scim) = (await AdminClient.NewAsync(server), await TestServers.NewTenantAsync(server));
        var path = $"/tenants/{scim.Tenant.Id}/clients";

        var made = (await admin.PostAsync(path, """{"name":"entra","scopes":["scim:read"],"identityProvider":"entra"}""")).Expect(201);
        Assert.Equal("no-store", made.Header("Cache-Control"));
        var (id, secret, secretId) = ((string)made.Object["client"]!["id"]!, (string)made.Object["secret"]!, (string)made.Object["secretId"]!);
        var client = new TokenClient(server, scim, Guid.Parse(id), Guid.Parse(secretId), secret);
        (await (await client.SignInAsync()).GetAsync("/Users")).Expect(200);

        var listed = (await admin.GetAsync(path)).Expect(200);
        Assert.DoesNotContain(secret, listed.Text, StringComparison.Ordinal);
        var shown = (await admin.GetAsync($"{path}/{id}")).Expect(200).Object;
        JsonAssert.Has("""{"name":"entra","state":"enabled","scopes":["scim:read"],"identityProvider":"entra"}""", shown);
        JsonAssert.Has($$"""{"id":"{{secretId}}","state":"valid"}""", shown["secrets"]![0]!.AsObject());
        Assert.NotNull(shown["secrets"]![0]!["lastUsedAt"]);

        var rotated = (await admin.PostAsync($"{path}/{id}/rotate", """{"overlapSeconds":3600}""")).Expect(201).Object;
        await client.TokenAsync((string)rotated["secret"]!);
        AdminClient.ExpectProblem(await admin.PostAsync($"{path}/{id}/rotate", "{}"), 409);
        (await admin.SendAsync(HttpMethod.Delete, $"{path}/{id}/secrets/{secretId}")).Expect(204);
        await client.RefusedAsync("invalid_client", Basic(id, secret));
        Assert.Equal("disabled", (string?)(await admin.PostAsync($"{path}/{id}/disable")).Expect(200).Object["state"]);
        Assert.Equal("enabled", (string?)(await admin.PostAsync($"{path}/{id}/enable")).Expect(200).Object["state"]);

        AdminClient.ExpectProblem(await admin.PostAsync(path, """{"name":"x","scopes":["admin"]}"""), 400, "scopes");
        AdminClient.ExpectProblem(await admin.PostAsync(path, """{"name":""}"""), 400, "name");
        AdminClient.ExpectProblem(await admin.PostAsync(path, """{"name":"x","expiresAt":"2001-01-01T00:00:00Z"}"""), 400, "expiresAt");
        AdminClient.ExpectProblem(await admin.SendAsync(HttpMethod.Delete, $"{path}/{id}/secrets/{Guid.Empty}"), 404);
        var stranger = await TestServers.NewTenantAsync(server);
        AdminClient.ExpectProblem(await admin.GetAsync($"/tenants/{stranger.Tenant.Id}/clients/{id}"), 404);

        (await admin.SendAsync(HttpMethod.Delete, $"{path}/{id}")).Expect(204);
        AdminClient.ExpectProblem(await admin.GetAsync($"{path}/{id}"), 404);
        var actions = await server.Services.GetRequiredService<AdminLog>().ListAsync(null, 200, default);
        var mine = actions.Where(action => action.TokenId == Guid.Parse(id)).Select(action => action.Action).Reverse();
        Assert.Equal(["client.create", "client.rotate", "client.revoke", "client.disable", "client.enable", "client.delete"], mine);
        Assert.DoesNotContain(actions, action => action.Detail?.Contains(secret, StringComparison.Ordinal) ?? false);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_tenants_clients_are_deleted_with_it(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, new FastTime());
        var client = await NewAsync(server);
        await client.Server.Services.GetRequiredService<TenantDeletion>().RunAsync(client.Scim.Tenant.Name, new Progress<TenantDeletionProgress>(), default);
        Assert.Null(await client.Clients.FindAsync(client.Id, default));
    }

    private static Task<ScimServerFactory> AnotherInstanceAsync(Database database, ScimServerFactory server, TimeProvider time, params (string Key, string? Value)[] settings) =>
        ScimServerFactory.StartAsync(database, time, [.. settings, ("ConnectionStrings:ScimServer", server.Services.GetRequiredService<DatabaseOptions>().ConnectionString)]);

    private static async Task<AccessFault?> RefusalAsync(TokenClient client)
    {
        try
        {
            await client.Secrets.RotateAsync(client.Id, TimeSpan.FromHours(1), null, default);
            return null;
        }
        catch (AccessException refusal)
        {
            return refusal.Fault;
        }
    }

    private static JsonNode Header(string token) => JsonNode.Parse(WebEncoders.Base64UrlDecode(token.Split('.')[0]))!;

    private static JsonNode With(string header, string name, string value)
    {
        var node = JsonNode.Parse(WebEncoders.Base64UrlDecode(header))!;
        node[name] = value;
        return node;
    }

    private static string Encode(JsonNode node) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(node.ToJsonString()));
}
