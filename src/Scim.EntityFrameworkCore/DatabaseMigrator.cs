using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Scim.EntityFrameworkCore;

/// <summary>Brings the database to the version that this build needs.</summary>
public sealed class DatabaseMigrator
{
    private readonly ScimDatabase database;
    private readonly RowLevelSecurity wall;

    /// <summary>Made by the container.</summary>
    public DatabaseMigrator(ScimDatabase database, RowLevelSecurity wall)
    {
        this.database = database;
        this.wall = wall;
    }

    /// <summary>
    /// Applies what is missing, after creating the database where there is none. Several instances may start at once: one
    /// works while the others wait for it, and then find nothing left to do.
    /// </summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        var creator = context.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellationToken))
        {
            await creator.CreateAsync(cancellationToken);
        }

        // EF Core lets go of its own lock between two migrations, while others have read already which are missing.
        await using var holder = database.OpenForAccess();
        await using var turn = await database.Dialect.EnterMigrationAsync(holder, cancellationToken);
        var isWalled = await wall.IsOnAsync(cancellationToken);
        if (isWalled && (await context.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            await wall.LetOwnerPassAsync(cancellationToken);
        }

        await context.Database.MigrateAsync(cancellationToken);

        // A table that a migration added has no policy yet, and a start that broke off may have left the owner's way open.
        if (isWalled && !await wall.IsCompleteAsync(cancellationToken))
        {
            await wall.TurnOnAsync(cancellationToken);
        }
    }

    /// <summary>Whether the database answers and nothing is missing.</summary>
    public async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return !(await context.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
    }
}
