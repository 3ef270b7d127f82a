using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Changes;

namespace Scim.EntityFrameworkCore;

/// <summary>Opens the database for a tenant.</summary>
public sealed class ScimDatabase
{
    private readonly Func<ScimDbContext> open;

    internal ScimDatabase(Func<ScimDbContext> open, DatabaseDialect dialect)
    {
        this.open = open;
        Dialect = dialect;
    }

    internal DatabaseDialect Dialect { get; }

    /// <summary>Told of every commit of this process.</summary>
    internal ChangeSignal Changes { get; } = new();

    /// <summary>A context that sees the rows of one tenant. The caller disposes it.</summary>
    public ScimDbContext Open(int tenantId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tenantId, 1);
        return OpenFor(tenantId);
    }

    /// <summary>A context for tenants and tokens, which sees no tenant's resources. The caller disposes it.</summary>
    internal ScimDbContext OpenForAccess() => OpenFor(tenantId: 0);

    /// <summary>Writes in one transaction, which is not tried again.</summary>
    /// <param name="tenantId">Whose rows; null for tables of all tenants.</param>
    /// <param name="write">Reads and writes.</param>
    /// <param name="cancellationToken">Heeded until the transaction has begun.</param>
    internal async Task<TResult> WriteAsync<TResult>(int? tenantId, Func<ScimDbContext, Task<TResult>> write, CancellationToken cancellationToken)
    {
        using var turn = await Dialect.EnterWriteAsync(cancellationToken);
        await using var context = tenantId is { } tenant ? Open(tenant) : OpenForAccess();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var result = await write(context);
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    /// <inheritdoc cref="WriteAsync{TResult}"/>
    internal Task WriteAsync(int? tenantId, Func<ScimDbContext, Task> write, CancellationToken cancellationToken) => WriteAsync(
        tenantId,
        async context =>
        {
            await write(context);
            return true;
        },
        cancellationToken);

    /// <summary>The outage that a failure tells of; null when it is something else.</summary>
    internal DatabaseOutage? OutageIn(Exception failure)
    {
        var error = DatabaseOutage.ErrorIn(failure);
        var fault = error is null ? DatabaseFault.Other : Dialect.Classify(error);
        if (fault is not (DatabaseFault.Unavailable or DatabaseFault.Full))
        {
            return null;
        }

        using var context = OpenForAccess();
        Dialect.Leave(context, error!);
        return new DatabaseOutage(DatabaseOutage.Describe(error!), IsFull: fault == DatabaseFault.Full);
    }

    private ScimDbContext OpenFor(int tenantId)
    {
        var context = open();
        context.TenantId = tenantId;
        context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return context;
    }
}
