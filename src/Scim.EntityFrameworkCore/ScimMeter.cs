using System.Diagnostics.Metrics;

namespace Scim.EntityFrameworkCore;

/// <summary>What persistence counts, for whoever listens; nothing is kept where nobody does.</summary>
internal static class ScimMeter
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Scim.EntityFrameworkCore";

    private static readonly Meter Meter = new(Name);

    /// <summary>Transactions that were undone by the database because of others and were run again.</summary>
    public static Counter<long> WriteRetries { get; } =
        Meter.CreateCounter<long>("scim.store.write.retries", "{retry}", "Write transactions that the database undid because of others (deadlock, serialization, vanished reference) and that were run again.");

    /// <summary>Writers of an embedded database that wait for their turn.</summary>
    public static UpDownCounter<long> WritersWaiting { get; } =
        Meter.CreateUpDownCounter<long>("scim.store.writers.waiting", "{writer}", "SQLite: writes that wait for the one before them.");

    /// <summary>Uses of tokens that are not written down yet.</summary>
    public static UpDownCounter<long> TokenUsesWaiting { get; } =
        Meter.CreateUpDownCounter<long>("scim.store.token_uses.waiting", "{token}", "Tokens whose last use is not written down yet.");
}
