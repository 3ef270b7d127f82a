using System.Globalization;
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
}
