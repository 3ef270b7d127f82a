using System.Buffers;
using System.Data.Common;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>Reads events from the rows of <see cref="Statement"/>.</summary>
internal sealed class EventReader(DbDataReader rows) : IDisposable
{
    /// <summary>The changes of a tenant from one position to another; and then, as of a moment after they were read, up to where changes are not kept any more.</summary>
    public const string Statement =
        """
        SELECT seq, txn, resource_id, part, parts, resource_type, kind, version, at, actor, external_id, display, delta
        FROM changes WHERE tenant_id = @tenant AND seq > @after AND seq <= @to ORDER BY seq LIMIT @limit;
        SELECT seq FROM change_horizons WHERE tenant_id = @tenant
        """;

    /// <summary>The texts of a row, one behind the other.</summary>
    private byte[] texts = ArrayPool<byte>.Shared.Rent(4096);
    private int used;

    /// <summary>The position of the last row that was read.</summary>
    public long Seq { get; private set; }

    /// <summary>The length of the texts of all rows that were read.</summary>
    public long Bytes { get; private set; }

    /// <summary>The row at which the reader stands. What it gives is valid until the next is read.</summary>
    public EventFields Read()
    {
        used = 0;
        Seq = rows.GetInt64(0);
        var (actor, externalId, display, delta) = (Text(9), Text(10), Text(11), Text(12));
        Bytes += used;
        return new EventFields
        {
            Id = new ChangeId(rows.GetGuid(1), rows.GetGuid(2), rows.GetInt32(3)),
            Parts = rows.GetInt32(4),
            ResourceType = rows.GetString(5),
            Kind = rows.GetString(6),
            Version = rows.GetInt64(7),
            At = rows.GetFieldValue<DateTimeOffset>(8),
            Actor = texts.AsSpan(actor),
            ExternalId = texts.AsSpan(externalId),
            Display = texts.AsSpan(display),
            Delta = texts.AsSpan(delta),
        };
    }

    /// <summary>Up to where changes had been deleted when the rows had been read; 0 for nowhere.</summary>
    public async Task<long> ReadHorizonAsync(CancellationToken cancellationToken)
    {
        await rows.NextResultAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? rows.GetInt64(0) : 0;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(texts);

    /// <summary>Where the text of a column lies; empty when there is none.</summary>
    private Range Text(int column)
    {
        var begin = used;
        if (rows.IsDBNull(column))
        {
            return begin..begin;
        }

        // Room that is filled to its end may have been too little.
        while ((used = begin + (int)rows.GetBytes(column, 0, texts, begin, texts.Length - begin)) == texts.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * texts.Length);
            texts.AsSpan(0, begin).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(texts);
            texts = larger;
        }

        return begin..used;
    }
}
