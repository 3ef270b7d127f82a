using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.Errors;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>
/// One write of a request: resource, memberships and change record, all or nothing. Statements are written out, not left to
/// change tracking, because their order is part of the design: the resource's row first, the change record last, so that
/// the number of the change is drawn while the row is locked.
/// </summary>
internal sealed class WriteTransaction : IAsyncDisposable
{
    private const int MaxAttempts = 12;

    private readonly DbTransaction transaction;
    private readonly IDisposable? turn;
    private bool commitSent;

    private WriteTransaction(ScimDbContext context, DatabaseDialect dialect, DbTransaction transaction, IDisposable? turn)
    {
        Context = context;
        Dialect = dialect;
        this.transaction = transaction;
        this.turn = turn;
    }

    /// <summary>For queries inside the transaction.</summary>
    public ScimDbContext Context { get; }

    /// <summary>The database's own spellings.</summary>
    public DatabaseDialect Dialect { get; }

    /// <summary>Set before a write that a unique index may refuse: what the client is told then.</summary>
    public ScimException? OnUniqueViolation { get; set; }

    /// <summary>
    /// Runs the work in a transaction and commits it. What another transaction undid (deadlock, serialisation, a member that
    /// vanished in between) is run again. Nothing is when the database did not say that it undid the transaction: it may have been
    /// committed.
    /// </summary>
    /// <param name="database">The database.</param>
    /// <param name="tenant">Whose rows are written.</param>
    /// <param name="work">Reads and writes; may run several times and must not have effects elsewhere.</param>
    /// <param name="cancellationToken">Heeded until the first write.</param>
    public static async Task<TResult> RunAsync<TResult>(
        ScimDatabase database, TenantContext tenant, Func<WriteTransaction, Task<TResult>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var write = await BeginAsync(database, tenant, cancellationToken);
            await using (write)
            {
                TResult result;
                try
                {
                    result = await work(write);
                }
                catch (DbException error)
                {
                    await write.RefuseOrRetryAsync(error, attempt);
                    ScimMeter.WriteRetries.Add(1);
                    continue;
                }

                await write.CommitAsync();
                database.Changes.Raise(tenant.TenantId);
                return result;
            }
        }
    }

    /// <summary>A statement, or several in one round trip, in this transaction.</summary>
    public DbCommand CreateCommand(string sql = "")
    {
        var command = Context.Database.GetDbConnection().CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;

        command.CommandTimeout = Dialect.WriteTimeout(command.CommandTimeout);
        return command;
    }

    /// <summary>
    /// Ends a command with COMMIT, where that saves a round trip. It must be the last of the transaction, and its results must be read
    /// to the end: a statement of it that fails keeps the COMMIT from being carried out.
    /// </summary>
    public void EndWith(DbCommand command)
    {
        command.CommandText += Dialect.Commit;
        commitSent = Dialect.Commit.Length > 0;
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await Context.DisposeAsync();
        turn?.Dispose();
    }

    private static async Task<WriteTransaction> BeginAsync(ScimDatabase database, TenantContext tenant, CancellationToken cancellationToken)
    {
        var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        ScimDbContext? context = null;
        try
        {
            context = database.Open(tenant.TenantId);
            await context.Database.OpenConnectionAsync(cancellationToken);
            var transaction = await database.Dialect.BeginWriteAsync(context.Database.GetDbConnection(), cancellationToken);
            await context.Database.UseTransactionAsync(transaction, cancellationToken);
            return new WriteTransaction(context, database.Dialect, transaction, turn);
        }
        catch
        {
            if (context is not null)
            {
                await context.DisposeAsync();
            }

            turn?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Never cancelled: PostgreSQL may answer a COMMIT that is cancelled while it waits for its standby with success.
    /// </summary>
    private Task CommitAsync() => commitSent ? Task.CompletedTask : transaction.CommitAsync(CancellationToken.None);

    private async Task RefuseOrRetryAsync(DbException error, int attempt)
    {
        var fault = Dialect.Classify(error);
        if (fault is DatabaseFault.Other or DatabaseFault.Unavailable or DatabaseFault.Full)
        {
            // The connection may be broken, and a rollback would fail in the place of what happened. The transaction ends with it.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }

        await transaction.RollbackAsync(CancellationToken.None);
        if (fault == DatabaseFault.UniqueViolation && OnUniqueViolation is not null)
        {
            throw OnUniqueViolation;
        }

        if (fault is not (DatabaseFault.Contention or DatabaseFault.ReferenceViolation) || attempt == MaxAttempts)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(2, 8 * attempt)), CancellationToken.None);
    }
}
