using Npgsql;
using NpgsqlTypes;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <summary>Rows as parameters that are arrays of a column, for statements that insert what <c>unnest</c> makes of them.</summary>
internal static class ColumnArrays
{
    /// <summary>Adds one column of the rows.</summary>
    public static void AddColumn<TRow, TValue>(this NpgsqlCommand command, string name, NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, TValue> value) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = rows.Select(value).ToArray() });
}
