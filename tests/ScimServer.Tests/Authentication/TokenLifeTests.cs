using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Authentication;

/// <summary>A token from its making to its end.</summary>
public class TokenLifeTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    [SkippableTheory, EachDatabase]
    public async Task A_rotated_token_and_its_successor_are_both_accepted_until_the_overlap_ends(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (tokens, rotation) = Access(scim.Server);
        var old = await tokens.CreateAsync(
            scim.Tenant.Name, new NewToken("okta") { Scopes = AccessScopes.ScimRead, IdentityProvider = "okta", ExpiresAt = DateTimeOffset.UtcNow.AddDays(90) }, default);

        var successor = await rotation.RotateAsync(old.Token.Id, TimeSpan.FromHours(1), null, default);

        Assert.NotEqual(old.Secret, successor.Secret);
        Assert.Equal(("okta", AccessScopes.ScimRead, "okta", scim.Tenant.Name), (successor.Token.Name, successor.Token.Scopes, successor.Token.IdentityProvider, successor.Token.TenantName));
        Assert.InRange(successor.Token.ExpiresAt!.Value, DateTimeOffset.UtcNow.AddDays(89), DateTimeOffset.UtcNow.AddDays(91));
        (await scim.WithToken(old.Secret).GetAsync("/Users")).Expect(200);
        (await scim.WithToken(successor.Secret).GetAsync("/Users")).Expect(200);

        var listed = (await tokens.ListAsync(scim.Tenant.Name, default)).Single(token => token.Id == old.Token.Id);
        Assert.Equal(successor.Token.Id, listed.ReplacedBy);
        Assert.InRange(listed.ExpiresAt!.Value, DateTimeOffset.UtcNow.AddMinutes(50), DateTimeOffset.UtcNow.AddMinutes(61));
    }

    [SkippableTheory, EachDatabase]
    public async Task Without_an_overlap_the_old_token_ends_with_the_rotation(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (tokens, rotation) = Access(scim.Server);
        var old = await tokens.CreateAsync(scim.Tenant.Name, "okta", null, default);
        (await scim.WithToken(old.Secret).GetAsync("/Users")).Expect(200);

        var successor = await rotation.RotateAsync(old.Token.Id, TimeSpan.Zero, null, default);

        (await scim.WithToken(old.Secret).GetAsync("/Users")).ExpectError(401);
        (await scim.WithToken(successor.Secret).GetAsync("/Users")).Expect(200);
        Assert.Null(successor.Token.ExpiresAt);
    }

    [SkippableTheory, EachDatabase]
    public async Task An_overlap_does_not_lengthen_the_life_of_a_token(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (tokens, rotation) = Access(scim.Server);
        var ends = DateTimeOffset.UtcNow.AddMinutes(10);
        var old = await tokens.CreateAsync(scim.Tenant.Name, "okta", ends, default);

        await rotation.RotateAsync(old.Token.Id, TimeSpan.FromDays(1), DateTimeOffset.UtcNow.AddDays(1), default);

        var listed = (await tokens.ListAsync(scim.Tenant.Name, default)).Single(token => token.Id == old.Token.Id);
        Assert.True((listed.ExpiresAt!.Value - ends).Duration() < TimeSpan.FromMilliseconds(1), $"{listed.ExpiresAt}");
    }

    [SkippableTheory, EachDatabase]
    public async Task A_token_that_has_ended_or_has_a_successor_is_not_rotated(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (tokens, rotation) = Access(scim.Server);
        var expired = await tokens.CreateAsync(scim.Tenant.Name, "expired", DateTimeOffset.UtcNow.AddMinutes(-1), default);
        var revoked = await tokens.CreateAsync(scim.Tenant.Name, "revoked", null, default);
        await tokens.RevokeAsync(revoked.Token.Id, default);
        var rotated = await tokens.CreateAsync(scim.Tenant.Name, "rotated", null, default);
        await rotation.RotateAsync(rotated.Token.Id, TimeSpan.FromHours(1), null, default);
        var before = await tokens.ListAsync(scim.Tenant.Name, default);

        foreach (var (id, reason) in ((Guid, string)[])[(expired.Token.Id, "expired"), (revoked.Token.Id, "revoked"), (rotated.Token.Id, "rotated already"), (Guid.Empty, "no token")])
        {
            var refusal = await Assert.ThrowsAsync<AccessException>(() => rotation.RotateAsync(id, TimeSpan.FromHours(1), null, default));
            Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, await tokens.ListAsync(scim.Tenant.Name, default));
    }

    [SkippableTheory, EachDatabase]
    public async Task Of_rotations_at_the_same_time_one_succeeds(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (tokens, rotation) = Access(scim.Server);
        var old = await tokens.CreateAsync(scim.Tenant.Name, "okta", null, default);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                return await rotation.RotateAsync(old.Token.Id, TimeSpan.FromHours(1), null, default);
            }
            catch (AccessException)
            {
                return null;
            }
        }));

        var successor = Assert.Single(outcomes, outcome => outcome is not null)!;
        var named = (await tokens.ListAsync(scim.Tenant.Name, default)).Where(token => token.Name == "okta").ToDictionary(token => token.Id);
        Assert.Equal(new[] { old.Token.Id, successor.Token.Id }.Order(), named.Keys.Order());
        Assert.Equal(successor.Token.Id, named[old.Token.Id].ReplacedBy);
    }

    [SkippableTheory, EachDatabase]
    public async Task An_expiry_can_be_set_sooner_and_later(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (tokens, _) = Access(scim.Server);
        var token = await tokens.CreateAsync(scim.Tenant.Name, "x", null, default);
        var client = scim.WithToken(token.Secret);
        (await client.GetAsync("/Users")).Expect(200);

        Assert.True(await tokens.ExpireAsync(token.Token.Id, DateTimeOffset.UtcNow.AddSeconds(-1), default));
        (await client.GetAsync("/Users")).ExpectError(401);
        Assert.True(await tokens.ExpireAsync(token.Token.Id, null, default));
        (await client.GetAsync("/Users")).Expect(200);
        await tokens.RevokeAsync(token.Token.Id, default);
        Assert.False(await tokens.ExpireAsync(token.Token.Id, null, default));
        (await client.GetAsync("/Users")).ExpectError(401);
    }

    [SkippableTheory, EachDatabase]
    public async Task What_ends_a_token_on_one_instance_ends_it_on_every_other_within_five_seconds(Database database)
    {
        await using var one = await ScimServerFactory.StartAsync(database);
        await using var other = await SecondInstanceAsync(one, database);
        var (tokens, rotation) = Access(one);
        var scim = await TestServers.NewTenantAsync(one);
        var disabled = await TestServers.NewTenantAsync(one);
        var revoked = await tokens.CreateAsync(scim.Tenant.Name, "revoked", null, default);
        var rotated = await tokens.CreateAsync(scim.Tenant.Name, "rotated", null, default);
        string[] secrets = [revoked.Secret, rotated.Secret, disabled.Token!];
        foreach (var secret in secrets)
        {
            (await new ScimClient(other, scim.Tenant, secret).GetAsync("/Users")).Expect(200);
        }

        var since = Stopwatch.StartNew();
        await tokens.RevokeAsync(revoked.Token.Id, default);
        await rotation.RotateAsync(rotated.Token.Id, TimeSpan.Zero, null, default);
        await one.Services.GetRequiredService<Tenants>().DisableAsync(disabled.Tenant.Name, default);

        // Here at once; there, the clients go on asking meanwhile, which must not make the token live longer.
        Assert.All(await StatusesAsync(one, secrets), status => Assert.Equal(401, status));
        while ((await StatusesAsync(other, secrets)).Any(status => status != 401))
        {
            Assert.True(since.Elapsed < Promised + TimeSpan.FromSeconds(1), $"Still accepted after {since.Elapsed}.");
            await Task.Delay(100);
        }

        (await new ScimClient(other, scim.Tenant, scim.Token).GetAsync("/Users")).Expect(200);
    }

    [SkippableTheory, EachDatabase]
    public async Task Requests_do_not_write_when_a_token_was_used_but_it_is_known_later(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database);
        var (tokens, _) = Access(server);
        var uses = server.Services.GetRequiredService<TokenUse>();
        var scim = await TestServers.NewTenantAsync(server);
        var unused = await tokens.CreateAsync(scim.Tenant.Name, "unused", null, default);
        var before = DateTimeOffset.UtcNow.AddMilliseconds(-1);

        (await scim.GetAsync("/Users")).Expect(200);
        Assert.All(await tokens.ListAsync(scim.Tenant.Name, default), token => Assert.Null(token.LastUsedAt));
        await uses.WriteAsync(default);

        var listed = (await tokens.ListAsync(scim.Tenant.Name, default)).ToDictionary(token => token.Name);
        Assert.InRange(listed["test"].LastUsedAt!.Value, before, DateTimeOffset.UtcNow);
        Assert.Null(listed[unused.Token.Name].LastUsedAt);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_server_that_stops_writes_down_which_tokens_were_used(Database database)
    {
        await using var watching = await ScimServerFactory.StartAsync(database);
        var stopping = await SecondInstanceAsync(watching, database);
        var scim = await TestServers.NewTenantAsync(stopping);
        (await scim.GetAsync("/Users")).Expect(200);

        await stopping.DisposeAsync();

        Assert.NotNull(Assert.Single(await Access(watching).Tokens.ListAsync(scim.Tenant.Name, default)).LastUsedAt);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_refused_token_does_not_count_as_used(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database);
        var (tokens, _) = Access(server);
        var scim = await TestServers.NewTenantAsync(server);
        var expired = await tokens.CreateAsync(scim.Tenant.Name, "expired", DateTimeOffset.UtcNow.AddMinutes(-1), default);

        (await scim.WithToken(expired.Secret).GetAsync("/Users")).ExpectError(401);
        await server.Services.GetRequiredService<TokenUse>().WriteAsync(default);

        Assert.All(await tokens.ListAsync(scim.Tenant.Name, default), token => Assert.Null(token.LastUsedAt));
    }

    internal static Task<ScimServerFactory> SecondInstanceAsync(ScimServerFactory first, Database database) => ScimServerFactory.StartAsync(
        database, ("ConnectionStrings:ScimServer", first.Services.GetRequiredService<DatabaseOptions>().ConnectionString));

    private static (AccessTokens Tokens, TokenRotation Rotation) Access(ScimServerFactory server) =>
        (server.Services.GetRequiredService<AccessTokens>(), server.Services.GetRequiredService<TokenRotation>());

    private static async Task<int[]> StatusesAsync(ScimServerFactory server, string[] secrets)
    {
        var statuses = new List<int>();
        foreach (var secret in secrets)
        {
            statuses.Add((await new ScimClient(server, new Tenant(1, "-", default), secret).GetAsync("/Users")).Status);
        }

        return [.. statuses];
    }
}
