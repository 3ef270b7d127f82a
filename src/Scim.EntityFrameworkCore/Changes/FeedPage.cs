using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>A page of the change log, all of it.</summary>
public sealed class FeedPage
{
    private readonly FeedCursor cursor;

    internal FeedPage(FeedCursor cursor, IReadOnlyList<ChangeRow> changes, string behind, bool hasMore)
    {
        this.cursor = cursor;
        Changes = changes;
        Cursor = behind;
        HasMore = hasMore;
    }

    /// <summary>The rows in the order of the log.</summary>
    public IReadOnlyList<ChangeRow> Changes { get; }

    /// <summary>Behind the last row, or behind what the filter passed over.</summary>
    public string Cursor { get; }

    /// <summary>True when more can be read at once.</summary>
    public bool HasMore { get; }

    /// <summary>The cursor behind one of the rows.</summary>
    public string CursorBehind(ChangeRow change) => cursor.Seal(change.Seq);
}
