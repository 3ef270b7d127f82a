using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Changes;
using ScimServer.Events;
using ScimServer.Events.Webhooks;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.Webhooks.WebhookWorld;

namespace ScimServer.Tests.Webhooks;

/// <summary>What an operator can measure, and is warned of.</summary>
public sealed class MetricTests
{
    [SkippableTheory]
    [EachDatabase]
    public async Task Lag_failures_and_what_is_held_back_are_measured_by_endpoint(Database database)
    {
        var time = new MovableTime();
        var world = await WebhookWorld.NewAsync(database, time);
        await using var receiver = await Receiver.StartAsync(Receiver.Status(500));
        var (id, _) = await world.AddAsync(receiver);
        using var seen = new SeenMetrics(WebhookMetrics.MeterName, "endpoint", id);

        await world.Scim.CreateUserIdAsync();
        await Until(() =>
        {
            seen.Look();
            return seen["scim.webhook.held"] == 1;
        });

        Assert.Equal(1, seen["scim.webhook.attempts failure"]);
        Assert.NotNull(seen["scim.webhook.duration"]);
        Assert.Equal(0, seen["scim.webhook.lag"]);
        receiver.Answer = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await world.Scim.CreateUserIdAsync();
        await Until(() =>
        {
            time.Move(TimeSpan.FromMilliseconds(50));
            seen.Look();
            return seen["scim.webhook.lag"] > 0;
        });
    }

    /// <summary>EVT-137.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_mark_that_is_held_back_makes_the_server_degraded_and_not_unavailable(Database database)
    {
        var time = new MovableTime();
        var world = await WebhookWorld.NewAsync(database, time);
        var watch = world.Scim.Server.Services.GetRequiredService<LogWatch>();
        using var http = new HttpClient();
        async Task<(int Status, string Text)> HealthAsync()
        {
            using var answer = await http.GetAsync(new Uri(world.Scim.Server.Address, "/health/ready"));
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal((200, """{"status":"ok"}"""), await HealthAsync());

        // The server looks for itself every few seconds, and sees that all is well.
        await Until(async () =>
        {
            watch.See(new LogEnd(5, 9));
            time.Move(LogWatch.TooOld + TimeSpan.FromSeconds(1));
            watch.See(new LogEnd(5, 9));
            var (status, text) = await HealthAsync();
            Assert.Equal(200, status);
            return text.Contains("\"degraded\"", StringComparison.Ordinal);
        });
        watch.See(new LogEnd(9, 9));
        Assert.Equal(TimeSpan.Zero, watch.Age);
    }
}
