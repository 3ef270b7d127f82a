using System.Data.Common;
using Microsoft.EntityFrameworkCore;

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
}

/// <summary>The few things that the databases spell differently. One implementation for each, in its folder.</summary>
internal abstract class DatabaseDialect
{
    /// <summary>Appended to a SELECT: keeps others from changing the row, lets them refer to it.</summary>
    public abstract string LockForUpdate { get; }

    /// <summary>Appended to a SELECT: keeps others from changing the row and from referring to it.</summary>
    public abstract string LockForDelete { get; }

    /// <summary>An expression for the slot of <c>resource_counts</c> that a connection writes to.</summary>
    public abstract string CountSlot { get; }

    /// <summary>A table expression with the ids of a parameter in its column <c>id</c>.</summary>
    public abstract string IdTable(string parameter);

    /// <summary>Adds a parameter that holds many ids.</summary>
    public abstract void AddIds(DbCommand command, string name, IReadOnlyCollection<Guid> ids);

    /// <summary>Adds a parameter of the type that a column of that CLR type has.</summary>
    public abstract void AddValue(DbCommand command, string name, object? value);

    /// <summary>Adds a parameter that holds JSON.</summary>
    public abstract void AddJson(DbCommand command, string name, string json);

    /// <summary>Tells what a database error means.</summary>
    public abstract DatabaseFault Classify(DbException error);

    /// <summary>Whether a failed save met a unique index.</summary>
    public bool IsUniqueViolation(DbUpdateException error) =>
        error.InnerException is DbException inner && Classify(inner) == DatabaseFault.UniqueViolation;

    /// <summary>Waits for the right to write, where the database has one writer at a time. Disposing gives it back.</summary>
    public abstract ValueTask<IDisposable?> EnterWriteAsync(CancellationToken cancellationToken);

    /// <summary>Begins a transaction that will write.</summary>
    public abstract ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken);
}
