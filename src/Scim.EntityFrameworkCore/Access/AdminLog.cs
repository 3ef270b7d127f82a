using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>What was done to tenants, tokens, clients, webhooks, streams and persons, and by whom: operators, receivers of a tenant, the server itself.</summary>
public sealed class AdminLog
{
    private readonly ScimDatabase database;

    /// <summary>Made by the container.</summary>
    public AdminLog(ScimDatabase database) => this.database = database;

    /// <summary>The latest actions, newest first.</summary>
    /// <param name="before">Only those before this position.</param>
    /// <param name="count">So many at most.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<IReadOnlyList<AdminActionRow>> ListAsync(long? before, int count, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await context.AdminActions
            .Where(action => before == null || action.Seq < before)
            .OrderByDescending(action => action.Seq)
            .Take(count)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Adds an action, to be saved in the transaction that carries it out.</summary>
    internal static void Note(ScimDbContext context, DateTimeOffset at, string action, string? tenant, Guid? token = null, string? detail = null) =>
        context.AdminActions.Add(new AdminActionRow
        {
            At = at,
            Actor = AdminActor.Current,
            Action = action,
            TenantName = tenant,
            TokenId = token,
            Detail = detail,
        });
}
