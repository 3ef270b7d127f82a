using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>A page of the change log. Where it ends is known before all of it is read, so that the next can be asked for meanwhile.</summary>
public sealed class FeedPage
{
    private readonly FeedCursor cursor;

    internal FeedPage(FeedCursor cursor, IReadOnlyList<ChangeRow> changes, FeedRest? rest, long reached, bool hasMore)
    {
        this.cursor = cursor;
        Changes = changes;
        Rest = rest;
        Cursor = cursor.Seal(reached);
        HasMore = hasMore;
    }

    /// <summary>The rows in the order of the log, or of a long page those at its begin.</summary>
    public IReadOnlyList<ChangeRow> Changes { get; }

    /// <summary>The rows behind those, of a page of more than <see cref="FeedRequest.MaxWhole"/>; null when there are none.</summary>
    public FeedRest? Rest { get; }

    /// <summary>Behind the last row, or behind what the filter passed over.</summary>
    public string Cursor { get; }

    /// <summary>True when more can be read at once.</summary>
    public bool HasMore { get; }

    /// <summary>The cursor behind one of the rows.</summary>
    public string CursorBehind(ChangeRow change) => cursor.Seal(change.Seq);
}
