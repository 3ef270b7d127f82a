using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>A resource without members that is created together with others, as if it were created by itself.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Operation">Whose the <c>txn</c> of its change record is.</param>
/// <param name="Change">What its change record says.</param>
internal sealed record NewResource(ResourceRow Row, TenantContext Operation, DeltaPart Change)
{
    /// <summary>Inserts resources of one type by a command of its own for each.</summary>
    public static async Task InsertOneByOneAsync(WriteTransaction write, IReadOnlyList<NewResource> resources)
    {
        foreach (var (row, operation, change) in resources)
        {
            await using var command = write.CreateCommand();
            command.AppendInsert(write.Dialect, row);
            command.AppendCount(write.Dialect, +1);
            command.AppendChange(write.Dialect, operation, row, ChangeKind.Create, row.Created, change);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
