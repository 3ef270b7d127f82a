using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ScimServer.Events.Webhooks;
using ScimServer.Http;
using ScimServer.Tests.Bulk;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.Webhooks.WebhookWorld;

namespace ScimServer.Tests.Webhooks;

/// <summary>Deliveries stand back behind SCIM requests while there are more of them than can be answered (EVT-116).</summary>
public sealed class DeliveryPaceTests
{
    private static readonly int Many = (4 * Environment.ProcessorCount) + 1;
    private readonly MovableTime time = new();
    private readonly ScimLoad load;
    private readonly DeliveryPace pace;

    public DeliveryPaceTests()
    {
        load = new ScimLoad(time);
        pace = new DeliveryPace(load, time);
    }

    /// <summary>A webhook does not delay SCIM, and whatever else is under way delays webhooks for a while only.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task While_requests_wait_for_one_another_few_events_go_out_and_all_of_them_afterwards(Database database)
    {
        var world = await NewAsync(database, new MovableTime());
        await using var receiver = await Receiver.StartAsync();
        var (id, _) = await world.AddAsync(receiver);
        var other = await OfAsync(await TestServers.NewTenantAsync(world.Scim.Server));
        await using var receiverOfOther = await Receiver.StartAsync();
        await other.AddAsync(receiverOfOther);
        using var seen = new SeenMetrics("ScimServer.Events", "endpoint", id);
        var bodies = Enumerable.Range(0, 2 * Many).Select(_ => new Pipe()).ToList();
        var slow = bodies.Select(body => SendAsync(world.Scim, body)).ToList();
        await Until(() => world.Scim.Server.Services.GetRequiredService<DeliveryPace>().IsHeldBack, "deliveries to be held back");

        var begun = Stopwatch.GetTimestamp();
        await world.Scim.BulkAsync([.. Enumerable.Range(0, 600).Select(i => BulkClient.PostUser($"u{i}", $"u{i}"))]);
        await Until(() => Lag(seen) > 0 && receiver.Requests.Count >= 60, "some events, and how late they are");
        await other.Scim.CreateUserIdAsync();
        await Until(() => receiverOfOther.Requests.Count == 1, "the event of another tenant");
        Assert.InRange(receiver.Requests.Count, 60, 40 + (4 * (Stopwatch.GetElapsedTime(begun) / DeliveryPace.Every)));

        bodies.ForEach(body => body.Writer.Complete());
        Assert.All(await Task.WhenAll(slow), status => Assert.InRange(status, 400, 499));
        await Until(() => receiver.Requests.Count >= 600, "the other events");
        AssertInOrder(receiver.Requests);
    }

    [Fact]
    public void Whatever_the_processors_can_answer_holds_nothing_back()
    {
        Begin(Many - 2);
        Assert.Equal(256, Take(lanes: 10));
        Begin(3);
        Assert.True(Take(lanes: 10) < 256);
        End(Many - (2 * Environment.ProcessorCount));
        Assert.True(Take(lanes: 10) < 256);
        End(2);
        Assert.Equal(256, Take(lanes: 10));
    }

    [Fact]
    public void One_endpoint_keeps_up_with_what_is_answered_and_several_have_half_as_much_together()
    {
        Begin(3 * Many);
        Take(lanes: 1);
        Assert.Equal(500, Sum(lanes: 1, answered: 500), 50d);
        Assert.Equal(250, 5 * Sum(lanes: 5, answered: 500), 50d);
    }

    /// <summary>Who is slow on purpose, or waits for a slow database, does not stop the events of others.</summary>
    [Fact]
    public void Some_go_out_however_little_is_answered()
    {
        Begin(2 * Many);
        Assert.Equal(4, Take(lanes: 10));
        Assert.Equal(4, Take(lanes: 10));
    }

    private static async Task<int> SendAsync(ScimClient scim, Pipe body)
    {
        // HttpClient sends nothing before its buffer is full.
        await body.Writer.WriteAsync(Encoding.UTF8.GetBytes(new string(' ', 20_000)));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(scim.Server.Address, "/scim/v2/Users")) { Content = new StreamContent(body.Reader.AsStream()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ScimClient.MediaType);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scim.Token);
        return (await scim.SendAsync(request)).Status;
    }

    private static double? Lag(SeenMetrics seen)
    {
        seen.Look();
        return seen["scim.webhook.lag"];
    }

    private void Begin(int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            load.Begin();
        }
    }

    private void End(int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            load.End();
        }
    }

    private int Take(int lanes)
    {
        time.Move(TimeSpan.FromSeconds(100));
        return pace.Take(256, lanes);
    }

    /// <summary>How many changes go out while so many requests are answered, by and by.</summary>
    private int Sum(int lanes, int answered)
    {
        var sum = 0;
        for (var i = 0; i < answered; i += 50)
        {
            Begin(50);
            End(50);
            sum += Take(lanes);
        }

        return sum;
    }
}
