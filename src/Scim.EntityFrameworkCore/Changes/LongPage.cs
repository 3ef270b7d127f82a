using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>
/// A page of the change log of which only the begin has been read. Where it ends is known all the same, so that the next can be asked for meanwhile.
/// Who takes <see cref="Begin"/> has to read <see cref="Rest"/>: <see cref="Cursor"/> is behind both.
/// </summary>
public sealed class LongPage
{
    /// <summary>Rows of the begin at most: they tell how long rows are, and each of them costs as much as two of the rest.</summary>
    internal const int BeginRows = 25;

    private readonly FeedCursor cursor;

    internal LongPage(FeedCursor cursor, IReadOnlyList<ChangeRow> begin, FeedRest? rest, long reached, bool hasMore)
    {
        this.cursor = cursor;
        Begin = begin;
        Rest = rest;
        Cursor = cursor.Seal(reached);
        HasMore = hasMore;
    }

    /// <summary>The first rows in the order of the log, and all of them when there is no rest.</summary>
    public IReadOnlyList<ChangeRow> Begin { get; }

    /// <summary>The rows behind those; null when there are none.</summary>
    public FeedRest? Rest { get; }

    /// <inheritdoc cref="FeedPage.Cursor"/>
    public string Cursor { get; }

    /// <inheritdoc cref="FeedPage.HasMore"/>
    public bool HasMore { get; }

    /// <summary>The page as one that has been read whole: it has no rest.</summary>
    internal FeedPage ToWhole() => new(cursor, Begin, Cursor, HasMore);
}
