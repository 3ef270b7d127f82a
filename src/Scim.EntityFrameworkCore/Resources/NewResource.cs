using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>A resource that is about to be created.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Created">What its change record says.</param>
internal sealed record NewResource(ResourceRow Row, Delta Created)
{
    /// <summary>
    /// Writes resources of one type without members, several in one round trip. Each has a change record with a <c>txn</c> of
    /// its own, as if it had been created by itself.
    /// </summary>
    public static async Task<IReadOnlyList<Guid>> InsertAsync(WriteTransaction write, TenantContext tenant, IReadOnlyList<NewResource> resources)
    {
        var txns = new List<Guid>(resources.Count);
        foreach (var part in resources.Chunk(write.Dialect.RowsPerCommand))
        {
            await using var command = write.CreateCommand();
            command.AppendInsert(write.Dialect, [.. part.Select(resource => resource.Row)]);
            command.AppendCount(write.Dialect, part.Length);
            txns.AddRange(command.AppendCreated(write.Dialect, tenant, part));
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        return txns;
    }
}
