using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Authentication;

public class LimitTests
{
    [SkippableTheory, EachDatabase]
    public async Task A_token_that_sends_too_much_gets_429_with_a_SCIM_body_and_the_others_go_on(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, ("Access:RequestsPerSecond", "2"), ("Access:RequestBurst", "5"));
        var (busy, other) = (await TestServers.NewTenantAsync(server), await TestServers.NewTenantAsync(server));

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => busy.GetAsync("/Users")));

        var refused = answers.Where(answer => answer.Status != 200).ToList();
        Assert.InRange(answers.Length - refused.Count, 5, 29);
        Assert.All(refused, answer => answer.ExpectError(429));
        Assert.All(refused, answer => Assert.InRange(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 10));
        (await other.GetAsync("/Users")).Expect(200);
        (await busy.GetAsync("/ServiceProviderConfig")).Expect(200, 429);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_refused_write_writes_nothing_and_is_carried_out_when_it_comes_again(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, ("Access:RequestsPerSecond", "1"), ("Access:RequestBurst", "1"));
        var scim = await TestServers.NewTenantAsync(server);
        var bodies = Enumerable.Range(0, 6).Select(n => $$$"""{"schemas":["{{{ScimClient.User}}}"],"userName":"u{{{n}}}"}""").ToList();
        var answers = await Task.WhenAll(bodies.Select(body => scim.PostAsync("/Users", body)));
        var created = answers.Count(answer => answer.Status == 201);
        Assert.InRange(created, 1, 5);

        ScimResponse list;
        while ((list = await scim.GetAsync("/Users")).Status == 429)
        {
            await Task.Delay(TimeSpan.FromSeconds(int.Parse(list.Header("Retry-After")!, CultureInfo.InvariantCulture)));
        }

        Assert.Equal(created, (int)list.Expect(200).Object["totalResults"]!);
    }

    [SkippableTheory, EachDatabase]
    public async Task An_address_that_sends_many_wrong_tokens_gets_429_and_a_right_one_from_there_is_still_accepted(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, ("Access:FailuresPerMinute", "3"));
        var scim = await TestServers.NewTenantAsync(server);

        var statuses = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            statuses.Add((await scim.WithToken($"wrong-token-{i}").GetAsync("/Users")).Status);
        }

        Assert.Equal([401, 401, 401, 429, 429, 429], statuses);
        var refused = await scim.WithToken("wrong-token").GetAsync("/Users");
        refused.ExpectError(429);
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 60);
        (await scim.GetAsync("/Users")).Expect(200);
        (await scim.WithToken(null).GetAsync("/Users")).ExpectError(401);
    }

    [SkippableTheory, EachDatabase]
    public async Task An_identity_provider_whose_token_is_revoked_or_expired_gets_401_however_often_it_sends_it_ENTRA_76(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, ("Access:FailuresPerMinute", "2"));
        var scim = await TestServers.NewTenantAsync(server);
        var tokens = server.Services.GetRequiredService<AccessTokens>();
        var expired = await tokens.CreateAsync(scim.Tenant.Name, "expired", DateTimeOffset.UtcNow.AddMinutes(-1), default);
        var revoked = await tokens.CreateAsync(scim.Tenant.Name, "revoked", null, default);
        await tokens.RevokeAsync(revoked.Token.Id, default);

        for (var i = 0; i < 10; i++)
        {
            foreach (var token in (string[])[expired.Secret, revoked.Secret])
            {
                var refused = await scim.WithToken(token).GetAsync("/Users");
                refused.ExpectError(401);
                Assert.Contains("error=\"invalid_token\"", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
            }
        }

        (await scim.WithToken("another-wrong-token").GetAsync("/Users")).ExpectError(429);
        (await scim.WithToken(revoked.Secret).GetAsync("/Users")).ExpectError(401);
    }

    [SkippableTheory, EachDatabase]
    public async Task What_cannot_be_a_token_is_401_and_does_not_count(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, ("Access:FailuresPerMinute", "1"));
        var scim = await TestServers.NewTenantAsync(server);
        var mistyped = scim.Token![..^1] + (scim.Token[^1] == 'x' ? 'y' : 'x');
        foreach (var credential in (string[])["", " ", mistyped, new string('a', 600), new string('b', 600)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, scim.BaseUrl + "/Users");
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + credential);
            (await scim.SendAsync(request)).ExpectError(401);
        }

        (await scim.WithToken("wrong-token-1").GetAsync("/Users")).ExpectError(401);
        (await scim.WithToken("wrong-token-2").GetAsync("/Users")).ExpectError(429);
    }
}
