namespace Scim.EntityFrameworkCore.Changes;

/// <summary>What is read of the change log.</summary>
public sealed record FeedRequest
{
    /// <summary>The value of <see cref="After"/> for the end of the log.</summary>
    public const string Now = "now";

    /// <summary>
    /// Rows of a <see cref="FeedPage"/>, which is read whole, at most. A <see cref="LongPage"/> may have more: what is behind them, without a filter, is read
    /// while it is sent.
    /// </summary>
    public const int MaxWhole = 250;

    /// <summary>A cursor, or <c>now</c>; null for the oldest change that is kept.</summary>
    public string? After { get; init; }

    /// <summary>Rows at most.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Which kinds of change, each as resource type and kind with a colon between (<c>User:patch</c>); null for all.</summary>
    public IReadOnlyCollection<string>? Kinds { get; init; }

    /// <summary>The names of the tokens whose changes are wanted; null for all.</summary>
    public IReadOnlyCollection<string>? Actors { get; init; }

    /// <summary>The names of the tokens whose changes are not wanted, for a product that changes resources itself (EVT-126).</summary>
    public IReadOnlyCollection<string> OtherThan { get; init; } = [];

    internal bool IsFiltered => Kinds is not null || Actors is not null || OtherThan.Count > 0;
}
