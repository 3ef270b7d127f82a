using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Resources;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Webhooks;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Sqlite;

internal sealed class SqliteDialect : DatabaseDialect, IDisposable
{
    /// <summary>
    /// SQLite has one writer at a time. Writers of this process queue here, in order, instead of polling for the lock of the
    /// file; another process (the command line) is waited for by SQLite's own busy timeout.
    /// </summary>
    private readonly SemaphoreSlim writer = new(1, 1);

    public override string LockForUpdate => "";

    public override string LockForDelete => "";

    public override Task InsertAsync(DbCommand command, IReadOnlyList<RequestRow> requests) => RequestRows.InsertAsync(command, this, requests);

    public override Task<HashSet<Lease>> NoteAsync(DbConnection connection, Guid holder, DateTimeOffset now, IReadOnlyList<DeliveryNote> notes) =>
        DeliveryRows.WriteAsync(connection, this, holder, now, notes);

    public override string CountSlot => "0";

    public override string IdTable(string parameter) => $"(SELECT value AS id FROM json_each({parameter})) AS ids";

    public override string IsOneOf(string column, string parameter) => $"{column} IN (SELECT value FROM json_each({parameter}))";

    public override string AggregateArrays(string columns) => $"json_group_array(json_array({columns}))";

    public override void AddIds(DbCommand command, string name, IReadOnlyCollection<Guid>? ids) =>
        command.Parameters.Add(new SqliteParameter(name, ids is null ? DBNull.Value : Json(ids)));

    public override void AddValue(DbCommand command, string name, object? value) =>
        command.Parameters.Add(new SqliteParameter(name, value switch
        {
            null => DBNull.Value,
            DateTimeOffset time => time.UtcDateTime,
            Guid id => Text(id),
            _ => value,
        }));

    public override void AddJson(DbCommand command, string name, string json) => command.Parameters.Add(new SqliteParameter(name, json));

    /// <summary>There is one writer at a time, and the last number is written in its transaction: what is seen is settled (EVT-140).</summary>
    public override async Task<LogEnd> LogEndAsync(ScimDatabase database, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0)";
        var last = Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        return new LogEnd(last, last);
    }

    public override DatabaseFault Classify(DbException error) => error is SqliteException sqlite
        ? sqlite.SqliteExtendedErrorCode switch
        {
            SqliteConstraintUnique or SqliteConstraintPrimaryKey => DatabaseFault.UniqueViolation,
            SqliteConstraintForeignKey => DatabaseFault.ReferenceViolation,
            SqliteBusy or SqliteBusySnapshot or SqliteLocked => DatabaseFault.Contention,
            SqliteFull => DatabaseFault.Full,
            _ => DatabaseFault.Other,
        }
        : DatabaseFault.Other;

    public override async ValueTask<IDisposable?> EnterWriteAsync(CancellationToken cancellationToken)
    {
        if (!writer.Wait(0, cancellationToken))
        {
            await WaitAsync(cancellationToken);
        }

        return new Turn(writer);
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        ScimMeter.WritersWaiting.Add(1);
        try
        {
            await writer.WaitAsync(cancellationToken);
        }
        finally
        {
            ScimMeter.WritersWaiting.Add(-1);
        }
    }

    /// <summary>The provider begins with IMMEDIATE, which takes the write lock at once, so that what is read before the write cannot change in between.</summary>
    public override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(cancellationToken);

    // Each statement of a command looks up all of its parameters by name, and there is no round trip to save.
    public override Task InsertAsync(WriteTransaction write, IReadOnlyList<NewResource> resources) => NewResource.InsertOneByOneAsync(write, resources);

    public override bool FencesSubqueries => false;

    public override string DocumentValue(BoundPath path, bool isNumber)
    {
        var at = path.Extension is null ? "$" : $"$.\"{path.Extension.Id}\"";
        at += $".\"{path.Attribute.Name}\"";
        var value = path.Attribute.MultiValued ? Preferred(path.Attribute, at) : $"json_extract(r.search, {Quote(at + Sub(path))})";
        if (path.Attribute.MultiValued && path.SubAttribute is not null)
        {
            value = $"json_extract({value}, {Quote("$" + Sub(path))})";
        }

        return isNumber
            ? $"CASE WHEN typeof({value}) IN ('integer', 'real') THEN {value} END"
            : $"substr(CAST({value} AS TEXT), 1, {SortedCharacters})";
    }

    /// <summary>Texts are ordered as bytes of UTF-8, which is by code point.</summary>
    public override string ByCodePoint(string expression) => expression;

    protected override object ParseNumber(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>EF Core keeps a row in a table as lock over all migrations.</summary>
    public override Task<IDbContextTransaction?> EnterMigrationAsync(ScimDbContext holder, CancellationToken cancellationToken) =>
        Task.FromResult<IDbContextTransaction?>(null);

    public void Dispose() => writer.Dispose();

    private static string Preferred(SchemaAttribute attribute, string at)
    {
        var first = $"json_extract(r.search, {Quote(at + "[0]")})";
        return attribute.PrimarySubAttribute is null
            ? first
            : $"coalesce((SELECT e.value FROM json_each(r.search, {Quote(at)}) AS e WHERE json_extract(e.value, '$.primary') = 1 LIMIT 1), {first})";
    }

    private static string Sub(BoundPath path) => path.SubAttribute is null ? "" : $".\"{path.SubAttribute.Name}\"";

    private static string Json(IReadOnlyCollection<Guid> ids)
    {
        var json = new StringBuilder("[", (ids.Count * 39) + 2);
        foreach (var id in ids)
        {
            if (json.Length > 1)
            {
                json.Append(',');
            }

            json.Append('"').Append(Text(id)).Append('"');
        }

        return json.Append(']').ToString();
    }

    private static string Text(Guid id) => id.ToString("D", CultureInfo.InvariantCulture).ToUpperInvariant();

    // https://sqlite.org/rescode.html
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteFull = 13;
    private const int SqliteBusySnapshot = 517;
    private const int SqliteConstraintForeignKey = 787;
    private const int SqliteConstraintPrimaryKey = 1555;
    private const int SqliteConstraintUnique = 2067;

    private sealed class Turn(SemaphoreSlim writer) : IDisposable
    {
        private int given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref given, 1) == 0)
            {
                writer.Release();
            }
        }
    }
}
