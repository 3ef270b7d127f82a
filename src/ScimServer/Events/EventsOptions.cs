using System.ComponentModel.DataAnnotations;

namespace ScimServer.Events;

/// <summary>The feed of changes; section <c>Events</c> of the configuration.</summary>
public sealed class EventsOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "Events";

    /// <summary>How many days changes are kept. Default 90; 0 keeps them for ever.</summary>
    [Range(0, 36_500)]
    public int RetentionDays { get; set; } = 90;

    /// <summary>
    /// How often, in milliseconds, a request that waits for events looks for what other instances wrote. Default 200. What this
    /// instance writes wakes it at once.
    /// </summary>
    [Range(10, 60_000)]
    public int LookMilliseconds { get; set; } = 200;

    /// <summary>
    /// Seconds for which an instance holds an endpoint that it delivers to. Default 15. When an instance dies, another takes its
    /// endpoints over within twice that time.
    /// </summary>
    [Range(2, 300)]
    public int LeaseSeconds { get; set; } = 15;
}
