using Microsoft.EntityFrameworkCore;

namespace Scim.EntityFrameworkCore;

/// <summary>Brings the database to the version that this build needs.</summary>
public sealed class DatabaseMigrator
{
    private readonly ScimDatabase database;

    /// <summary>Made by the container.</summary>
    public DatabaseMigrator(ScimDatabase database) => this.database = database;

    /// <summary>
    /// Applies what is missing. Several instances may start at once: EF Core holds a lock of the database meanwhile, and those
    /// that come later find nothing left to do.
    /// </summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        await context.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>Whether the database answers and nothing is missing.</summary>
    public async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return !(await context.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
    }
}
