using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Filters;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Resources;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Webhooks;
using Scim.Filters;

namespace Scim.EntityFrameworkCore;

/// <summary>What a failed statement means.</summary>
internal enum DatabaseFault
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>A unique index refused a value.</summary>
    UniqueViolation,

    /// <summary>A row that is referred to does not exist (any more).</summary>
    ReferenceViolation,

    /// <summary>The transaction was undone in favour of another and may be tried again.</summary>
    Contention,

    /// <summary>There is no database to work with at the moment, or the connection to it broke. What was under way may have been carried out.</summary>
    Unavailable,

    /// <summary>There is no room for what was to be written. Nothing of it was.</summary>
    Full,
}

/// <summary>The few things that the databases spell differently. One implementation for each, in its folder.</summary>
internal abstract class DatabaseDialect
{
    /// <summary>Appended to a SELECT: keeps others from changing the row, lets them refer to it.</summary>
    public abstract string LockForUpdate { get; }

    /// <summary>Appended to a SELECT: keeps others from changing the row and from referring to it.</summary>
    public abstract string LockForDelete { get; }

    /// <summary>Appends requests of one tenant to the provisioning log, in the transaction of the command.</summary>
    public abstract Task InsertAsync(DbCommand command, IReadOnlyList<RequestRow> requests);

    /// <summary>Writes what lanes have delivered, in one transaction.</summary>
    /// <returns>The leases that <paramref name="holder"/> holds; of the others nothing was written.</returns>
    public abstract Task<HashSet<Lease>> NoteAsync(DbConnection connection, Guid holder, DateTimeOffset now, IReadOnlyList<DeliveryNote> notes);

    /// <summary>An expression for the slot of <c>resource_counts</c> that a connection writes to.</summary>
    public abstract string CountSlot { get; }

    /// <summary>A table expression with the ids of a parameter in its column <c>id</c>.</summary>
    public abstract string IdTable(string parameter);

    /// <summary>
    /// A condition that an id is one of a parameter, in a form that looks each of them up in an index. A subquery leaves it to the
    /// planner to read all rows instead, which it does where it takes a group for small (measured: 60 ms to find one of 100,000 members).
    /// </summary>
    public abstract string IsOneOf(string column, string parameter);

    /// <summary>Adds a parameter that holds many ids, or null.</summary>
    public abstract void AddIds(DbCommand command, string name, IReadOnlyCollection<Guid>? ids);

    /// <summary>Many rows as a JSON array of arrays of columns; of no rows it may be NULL.</summary>
    public abstract string AggregateArrays(string columns);

    /// <summary>Adds a parameter of the type that a column of that CLR type has.</summary>
    public abstract void AddValue(DbCommand command, string name, object? value);

    /// <summary>Adds a parameter that holds JSON.</summary>
    public abstract void AddJson(DbCommand command, string name, string json);

    /// <summary>Whether the database can hide the rows of other tenants by itself (<see cref="EntityFrameworkCore.RowLevelSecurity"/>).</summary>
    public virtual bool HasRowLevelSecurity => false;

    /// <summary>Whether an index leads from a member to the changes that name it.</summary>
    public virtual bool FindsMembers => false;

    /// <summary>Runs a command that reads rows of a tenant, outside of a transaction.</summary>
    /// <param name="command">The command.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="isPlannedOnce">Whether one plan is good for all values of the parameters, so that none has to be made for each request.</param>
    /// <param name="cancellationToken">The token.</param>
    public virtual Task<DbDataReader> ReadAsync(DbCommand command, int tenantId, bool isPlannedOnce, CancellationToken cancellationToken) =>
        command.ExecuteReaderAsync(cancellationToken);

    /// <summary>How far the change log goes, as of a moment after the call.</summary>
    public abstract Task<LogEnd> LogEndAsync(ScimDatabase database, CancellationToken cancellationToken);

    /// <summary>Tells what a database error means.</summary>
    public abstract DatabaseFault Classify(DbException error);

    /// <summary>How long a statement that writes may take, in seconds; 0 for as long as it needs.</summary>
    /// <param name="configured">How long the connection lets statements take.</param>
    public virtual int WriteTimeout(int configured) => 0;

    /// <summary>Gives up connections that lead to a database which this fault does not go away from.</summary>
    public virtual void Leave(ScimDbContext context, DbException error)
    {
    }

    /// <summary>Whether a failed save met a unique index.</summary>
    public bool IsUniqueViolation(DbUpdateException error) =>
        error.InnerException is DbException inner && Classify(inner) == DatabaseFault.UniqueViolation;

    /// <summary>Waits for the right to write, where the database has one writer at a time. Disposing gives it back.</summary>
    public abstract ValueTask<IDisposable?> EnterWriteAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Waits until no other instance migrates, and keeps others from it until the result is disposed; null where the database
    /// does so by itself. Takes the connection of <paramref name="holder"/> for it.
    /// </summary>
    public abstract Task<IDbContextTransaction?> EnterMigrationAsync(ScimDbContext holder, CancellationToken cancellationToken);

    /// <summary>Begins a transaction that will write.</summary>
    public abstract ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Writes new resources of one type, their number and their change records, as the last of the transaction.</summary>
    public abstract Task InsertAsync(WriteTransaction write, IReadOnlyList<NewResource> resources);

    /// <summary>What the last command of a transaction ends with; empty where only the transaction itself can be told.</summary>
    public virtual string Commit => "";

    /// <summary>
    /// Whether a subquery that is limited is planned by itself and gives its rows one by one in its order. Where it is not, the
    /// way to the rows is left to the planner.
    /// </summary>
    public abstract bool FencesSubqueries { get; }

    /// <summary>
    /// The value by which a row, called r, is sorted when the folded document holds it: of several values the primary one,
    /// else the first. Of long texts the first <see cref="SortedCharacters"/> characters count.
    /// </summary>
    public abstract string DocumentValue(BoundPath path, bool isNumber);

    /// <summary>A text expression that is ordered by code point.</summary>
    public abstract string ByCodePoint(string expression);

    /// <summary>A number as a parameter that compares as one.</summary>
    protected abstract object ParseNumber(string text);

    /// <summary>Characters of a text that count when sorting: a cursor carries them, and must fit into a URL.</summary>
    public const int SortedCharacters = 256;

    /// <summary>A sort value out of a row as text.</summary>
    public static string FormatSortValue(object value) => value switch
    {
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool truth => truth ? "1" : "0",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>The sort value that <see cref="FormatSortValue"/> gave, as the value of a parameter.</summary>
    public object ParseSortValue(SortKind kind, string text) => kind switch
    {
        SortKind.Time => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        SortKind.Boolean => text == "1",
        SortKind.Number => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : ParseNumber(text),
        _ => text,
    };

    /// <summary>A name of a schema as an SQL string.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
