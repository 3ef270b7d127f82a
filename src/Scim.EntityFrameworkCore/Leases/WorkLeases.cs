using Microsoft.EntityFrameworkCore;

namespace Scim.EntityFrameworkCore.Leases;

/// <summary>
/// Leases on pieces of work that exactly one instance does at a time: an endpoint to deliver to, a stream to push. A lease is a
/// row that its holder renews; when it does not for as long as the lease lasts, another takes it and gets a higher fence number.
/// No connection and no transaction is held meanwhile (EVT-161).
/// </summary>
/// <remarks>
/// Whatever the work writes down, it writes in a transaction in which it calls <see cref="HoldAsync"/> first. An instance that was
/// cut off or paused then cannot move a position on after another has taken over, however wrong its clock is.
/// </remarks>
public sealed class WorkLeases
{
    private readonly ScimDatabase database;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public WorkLeases(ScimDatabase database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
    }

    /// <summary>Under which this process holds leases.</summary>
    public Guid Holder { get; } = Guid.CreateVersion7();

    /// <summary>Takes a lease if nobody holds it.</summary>
    /// <returns>The lease; null when somebody holds it.</returns>
    public async Task<Lease?> TakeAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var until = (now + duration).UtcDateTime;
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        var fences = await context.Database.SqlQuery<long>(
            $"""
            INSERT INTO leases (name, holder, fence, until) VALUES ({name}, {Holder}, 1, {until})
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, fence = leases.fence + 1, until = excluded.until
            WHERE leases.until < {now.UtcDateTime}
            RETURNING fence AS "Value"
            """).ToListAsync(CancellationToken.None);
        return fences is [var fence] ? new Lease(name, fence) : null;
    }

    /// <summary>Renews all leases of this process whose name begins so, in one statement.</summary>
    /// <returns>Those that it still holds. One that is missing has been taken by another instance.</returns>
    public async Task<IReadOnlyList<Lease>> RenewAsync(string prefix, TimeSpan duration, CancellationToken cancellationToken)
    {
        var until = (time.GetUtcNow() + duration).UtcDateTime;

        // Locked in the order of their names, as where deliveries are noted, so that the two never wait for each other.
        var sql = $$"""
            UPDATE leases SET until = {0} WHERE name IN (SELECT name FROM leases WHERE holder = {1} AND name LIKE {2} ORDER BY name{{database.Dialect.LockForUpdate}})
            RETURNING name AS name, fence AS fence
            """;
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        return await context.Database.SqlQueryRaw<Lease>(sql, until, Holder, prefix + "%").ToListAsync(CancellationToken.None);
    }

    /// <summary>Gives a lease back, so that another instance need not wait until it ends.</summary>
    public async Task ReleaseAsync(Lease lease, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().AddSeconds(-1);
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        await Mine(context, lease).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Until, now).SetProperty(row => row.Holder, Guid.Empty), CancellationToken.None);
    }

    /// <summary>Forgets a lease for good: the work does not exist any more and its name is never used again.</summary>
    public async Task ForgetAsync(string name, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        await context.Leases.Where(row => row.Name == name).ExecuteDeleteAsync(CancellationToken.None);
    }

    /// <summary>Forgets all leases whose name begins so and that ended so long ago; their names are never used again.</summary>
    public async Task ForgetEndedAsync(string prefix, TimeSpan ago, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - ago;
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        await context.Leases.Where(row => row.Name.StartsWith(prefix) && row.Until < before).ExecuteDeleteAsync(CancellationToken.None);
    }

    /// <summary>How many leases are held by anybody whose name begins so.</summary>
    public async Task<int> CountAsync(string prefix, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var context = database.OpenForAccess();
        return await context.Leases.CountAsync(row => row.Name.StartsWith(prefix) && row.Until >= now, cancellationToken);
    }

    /// <summary>
    /// Makes sure, inside the open transaction of <paramref name="context"/>, that the lease is still held, and keeps others from
    /// taking it until the transaction ends.
    /// </summary>
    /// <exception cref="LeaseLostException">Another has taken it. Roll back.</exception>
    public async Task HoldAsync(ScimDbContext context, Lease lease)
    {
        if (await Mine(context, lease).ExecuteUpdateAsync(set => set.SetProperty(row => row.Fence, lease.Fence), CancellationToken.None) != 1)
        {
            throw new LeaseLostException(lease.Name);
        }
    }

    private IQueryable<Rows.LeaseRow> Mine(ScimDbContext context, Lease lease) =>
        context.Leases.Where(row => row.Name == lease.Name && row.Fence == lease.Fence && row.Holder == Holder);
}
