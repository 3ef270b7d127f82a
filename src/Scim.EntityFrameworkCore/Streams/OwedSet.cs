using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Streams;

/// <summary>A token that a receiver is owed.</summary>
/// <param name="Row">What was noted when it was issued.</param>
/// <param name="Change">The change that it tells; null for what the stream itself says, and for a change that is not kept any more.</param>
public sealed record OwedSet(IssuedSetRow Row, ChangeRow? Change)
{
    /// <summary>Whether there is nothing left that it could tell.</summary>
    public bool IsGone => Change is null && Row.Payload is null;
}

/// <summary>Tokens that a receiver is owed, oldest first.</summary>
/// <param name="Sets">The tokens.</param>
/// <param name="HasMore">Whether more wait.</param>
public sealed record OwedSets(IReadOnlyList<OwedSet> Sets, bool HasMore);

/// <summary>Tokens that are to be pushed now.</summary>
/// <param name="Sets">The tokens, in the order of the stream.</param>
/// <param name="FullSince">Since when what the receiver refuses leaves no room for anything new; null while it does.</param>
internal sealed record DueTokens(IReadOnlyList<OwedSet> Sets, DateTimeOffset? FullSince);

/// <summary>A token that its receiver could not take.</summary>
/// <param name="Jti">Which.</param>
/// <param name="Err">The error code.</param>
/// <param name="Description">What the receiver says; bounded and clean already.</param>
public sealed record SetError(string Jti, string Err, string? Description);

/// <summary>Which events of a change a stream tells.</summary>
/// <param name="Kinds">The kinds of change that can have any, as in <see cref="FeedRequest.Kinds"/>; null for all.</param>
/// <param name="EventsOf">The URIs for one change; none when it is not told.</param>
public sealed record StreamFilter(IReadOnlyCollection<string>? Kinds, Func<ChangeRow, string[]> EventsOf);

/// <summary>A token that was pushed in vain.</summary>
/// <param name="Row">The token.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="HttpStatus">The status of the answer; null when there was none.</param>
/// <param name="NextAttemptAt">When to push it again; null for as soon as the stream is pushed to again.</param>
/// <param name="GivenUp">Whether it is not pushed again.</param>
internal sealed record FailedPush(IssuedSetRow Row, SetError Error, int? HttpStatus, DateTimeOffset? NextAttemptAt, bool GivenUp);

/// <summary>What became of tokens that were pushed.</summary>
/// <param name="Delivered">Those that the receiver took.</param>
/// <param name="Failed">The others.</param>
/// <param name="IsAlive">Whether the receiver took one, or said what is wrong with one.</param>
/// <param name="RetryAt">When to push to the receiver again, if it looks dead; null when it does not.</param>
/// <param name="IsAsked">Whether the receiver asked for that, so that until then nothing at all is pushed to it.</param>
/// <param name="PauseReason">Why the stream is paused; null when it is not.</param>
internal sealed record PushOutcome(IReadOnlyList<IssuedSetRow> Delivered, IReadOnlyList<FailedPush> Failed, bool IsAlive, DateTimeOffset? RetryAt, bool IsAsked, string? PauseReason);
