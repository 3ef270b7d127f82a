using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Scim.EntityFrameworkCore;

/// <summary>
/// Tells PostgreSQL the tenant of each transaction, for <see cref="RowLevelSecurity"/>. It is set for the transaction alone:
/// connections are shared with other tenants. A query outside of a transaction carries the setting in front of it, in the same
/// round trip, which is one transaction.
/// </summary>
internal sealed class TenantSetting : DbCommandInterceptor, IDbTransactionInterceptor
{
    /// <summary>The setting that the policies read.</summary>
    public const string Name = "scim.tenant_id";

    private const string Parameter = "tenant_setting";
    private const string Statement = $"SELECT set_config('{Name}', @{Parameter}, true);\n";

    /// <summary>Puts the setting in front of a command. Its result comes first.</summary>
    public static void Prepend(DbCommand command, int tenantId)
    {
        command.CommandText = Statement + command.CommandText;
        AddParameter(command, tenantId);
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        PrependIfAlone(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        PrependIfAlone(command, eventData);
        return new(result);
    }

    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        if (IsAlone(eventData.Context, out _))
        {
            result.NextResult();
        }

        return result;
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        if (IsAlone(eventData.Context, out _))
        {
            await result.NextResultAsync(cancellationToken);
        }

        return result;
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        PrependIfAlone(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        PrependIfAlone(command, eventData);
        return new(result);
    }

    public DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        Set(result, eventData.Context);
        return result;
    }

    public async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        await SetAsync(result, eventData.Context, cancellationToken);
        return result;
    }

    public async ValueTask<DbTransaction> TransactionUsedAsync(
        DbConnection connection, TransactionEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        await SetAsync(result, eventData.Context, cancellationToken);
        return result;
    }

    private static void PrependIfAlone(DbCommand command, CommandEventData eventData)
    {
        if (IsAlone(eventData.Context, out var tenantId))
        {
            Prepend(command, tenantId);
        }
    }

    /// <summary>Whether the command is one of a tenant and in no transaction, where the setting was made already.</summary>
    private static bool IsAlone(DbContext? context, out int tenantId)
    {
        tenantId = context is ScimDbContext scim ? scim.TenantId : 0;
        return tenantId > 0 && context!.Database.CurrentTransaction is null;
    }

    private static void Set(DbTransaction transaction, DbContext? context)
    {
        using var command = Command(transaction, context);
        command?.ExecuteNonQuery();
    }

    private static async Task SetAsync(DbTransaction transaction, DbContext? context, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, context);
        if (command is not null)
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static DbCommand? Command(DbTransaction transaction, DbContext? context)
    {
        if (context is not ScimDbContext { TenantId: > 0 } scim)
        {
            return null;
        }

        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Statement;
        AddParameter(command, scim.TenantId);
        return command;
    }

    private static void AddParameter(DbCommand command, int tenantId)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = Parameter;
        parameter.Value = tenantId.ToString(CultureInfo.InvariantCulture);
        command.Parameters.Add(parameter);
    }
}
