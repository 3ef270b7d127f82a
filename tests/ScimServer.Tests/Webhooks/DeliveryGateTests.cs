using ScimServer.Events.Webhooks;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Webhooks;

/// <summary>Who is let through to an endpoint, and when.</summary>
public sealed class DeliveryGateTests
{
    private readonly MovableTime time = new();
    private readonly List<string> inside = [];
    private readonly DeliveryGate gate;

    public DeliveryGateTests() => gate = new DeliveryGate(concurrency: 8, time);

    /// <summary>EVT-123: nobody knows how long those take that nobody can take.</summary>
    [Fact]
    public void Half_of_the_turns_are_for_events_that_have_not_been_tried()
    {
        Enter(isFirst: false, [.. Enumerable.Range(0, 20).Select(i => $"again {i}")]);
        Assert.Equal(4, inside.Count);

        Enter(isFirst: true, "a", "b", "c", "d", "e");
        Assert.Equal(["a", "b", "c", "d"], inside.Skip(4));
        Succeed("a");
        Assert.Equal("e", inside[^1]);
    }

    /// <summary>EVT-123.</summary>
    [Fact]
    public void Events_that_failed_before_take_turns_with_the_others_and_do_not_close_it()
    {
        for (var i = 0; i < 30; i++)
        {
            Enter(isFirst: false, $"again {i}");
            Fail(isFirst: false, $"again {i}");
        }

        Assert.NotNull(gate.FailingSince);
        Enter(isFirst: true, "a", "b", "c");
        Assert.Equal(["a", "b", "c"], inside);
    }

    /// <summary>EVT-123: a row of events that nobody can take is told from an endpoint that takes none.</summary>
    [Fact]
    public void When_it_is_closed_the_newest_and_the_oldest_are_tried_in_turn_and_a_success_opens_it()
    {
        Close();
        Enter(isFirst: true, "a", "b", "c", "d");
        Assert.Equal(["a"], inside);
        Fail(isFirst: true, "a");
        Assert.Equal(["d"], inside);
        Fail(isFirst: true, "d");
        Assert.Equal(["b"], inside);
        Succeed("b");
        Assert.Equal(["c"], inside);
        Assert.Null(gate.FailingSince);
    }

    /// <summary>EVT-87.</summary>
    [Fact]
    public void No_event_is_tried_in_a_pause_that_the_endpoint_asked_for()
    {
        Close(TimeSpan.FromSeconds(20));
        Enter(isFirst: true, "a", "b");
        Look(TimeSpan.FromSeconds(15));
        Assert.Empty(inside);
        Look(TimeSpan.FromSeconds(6));
        Assert.Single(inside);
    }

    [Fact]
    public void Days_of_nothing_but_failures_cost_some_hundred_tries_each()
    {
        Close();
        Enter(isFirst: true, [.. Enumerable.Range(0, 10_000).Select(i => $"{i}")]);
        var count = 0;
        for (var minutes = 0; minutes < 24 * 60; minutes++)
        {
            for (; inside.Count > 0; count++)
            {
                Fail(isFirst: true, inside[0]);
            }

            Look(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(count, 100, 700);
    }

    private void Enter(bool isFirst, params string[] names)
    {
        foreach (var name in names)
        {
            _ = EnterAsync(isFirst, name);
        }
    }

    private async Task EnterAsync(bool isFirst, string name)
    {
        await gate.EnterAsync(isFirst, CancellationToken.None);
        inside.Add(name);
    }

    private void Close(TimeSpan? retryAfter = null)
    {
        foreach (var name in Enumerable.Range(0, 10).Select(i => $"failing {i}"))
        {
            Enter(isFirst: true, name);
            Fail(isFirst: true, name, retryAfter);
        }

        Assert.Empty(inside);
    }

    private void Succeed(string name)
    {
        inside.Remove(name);
        gate.Succeeded(isFirst: true);
    }

    private void Fail(bool isFirst, string name, TimeSpan? retryAfter = null)
    {
        inside.Remove(name);
        gate.Failed(isFirst, time.GetUtcNow(), slower: false, retryAfter);
    }

    private void Look(TimeSpan later)
    {
        time.Move(later);
        gate.Look();
    }
}
