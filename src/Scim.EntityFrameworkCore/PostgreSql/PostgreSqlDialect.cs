using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Resources;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Webhooks;
using Scim.Filters;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <param name="setsTenant">Whether every transaction names its tenant, for the policies of row-level security.</param>
internal sealed class PostgreSqlDialect(bool setsTenant = false) : DatabaseDialect
{
    /// <summary>The number by which instances know that they wait for each other; any number that nothing else here uses.</summary>
    private const long MigrationLock = 7_643_7_644;

    /// <summary>Seconds in which a group of 200,000 members is written.</summary>
    private const int LeastWriteTimeout = 60;

    /// <summary>For the transaction alone, which is the round trip of the command behind it.</summary>
    private const string PlannedOnce = "SELECT set_config('plan_cache_mode', 'force_generic_plan', true);\n";

    private readonly SettledMark mark = new();

    /// <summary>Does not block foreign keys that point to the row, so that groups can take members that are being changed.</summary>
    public override string LockForUpdate => " FOR NO KEY UPDATE";

    public override string LockForDelete => " FOR UPDATE";

    public override async Task InsertAsync(DbCommand command, IReadOnlyList<RequestRow> requests)
    {
        RequestRows.Append((NpgsqlCommand)command, requests);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    public override Task<HashSet<Lease>> NoteAsync(DbConnection connection, Guid holder, DateTimeOffset now, IReadOnlyList<DeliveryNote> notes) =>
        DeliveryRows.WriteAsync((NpgsqlConnection)connection, holder, now, notes);

    public override string CountSlot => "pg_backend_pid() % 32";

    public override string IdTable(string parameter) => $"unnest({parameter}) AS ids(id)";

    public override string IsOneOf(string column, string parameter) => $"{column} = ANY ({parameter})";

    public override string AggregateArrays(string columns) => $"json_agg(json_build_array({columns}))";

    public override void AddIds(DbCommand command, string name, IReadOnlyCollection<Guid>? ids) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = ids is null ? DBNull.Value : ids.ToArray() });

    public override void AddValue(DbCommand command, string name, object? value)
    {
        var parameter = new NpgsqlParameter { ParameterName = name, Value = value ?? DBNull.Value };
        if (value is DateTimeOffset time)
        {
            parameter.Value = time.UtcDateTime;
            parameter.NpgsqlDbType = NpgsqlDbType.TimestampTz;
        }

        command.Parameters.Add(parameter);
    }

    public override void AddJson(DbCommand command, string name, string json) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Jsonb) { Value = json });

    public override bool HasRowLevelSecurity => true;

    public override bool FindsMembers => true;

    /// <remarks>
    /// The planner distrusts a plan that knows nothing of a document filter and would make one for every request, which takes it five times as
    /// long as to find a user by an e-mail address.
    /// </remarks>
    public override async Task<DbDataReader> ReadAsync(DbCommand command, int tenantId, bool isPlannedOnce, CancellationToken cancellationToken)
    {
        var settings = 0;
        if (isPlannedOnce)
        {
            command.CommandText = PlannedOnce + command.CommandText;
            settings++;
        }

        if (setsTenant)
        {
            TenantSetting.Prepend(command, tenantId);
            settings++;
        }

        var reader = await command.ExecuteReaderAsync(cancellationToken);
        for (; settings > 0; settings--)
        {
            await reader.NextResultAsync(cancellationToken);
        }

        return reader;
    }

    public override Task<LogEnd> LogEndAsync(ScimDatabase database, CancellationToken cancellationToken) => mark.LookAsync(database, cancellationToken);

    public override DatabaseFault Classify(DbException error) => error.SqlState switch
    {
        PostgresErrorCodes.UniqueViolation => DatabaseFault.UniqueViolation,
        PostgresErrorCodes.ForeignKeyViolation => DatabaseFault.ReferenceViolation,
        PostgresErrorCodes.DiskFull => DatabaseFault.Full,
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => DatabaseFault.Contention,
        _ => PostgreSqlOutage.Is(error) ? DatabaseFault.Unavailable : DatabaseFault.Other,
    };

    /// <remarks>
    /// Bounded, since a server that vanishes without a word is noticed by nothing else for a quarter of an hour; the connection is dropped then, and a COMMIT
    /// under it counts as failed, whatever became of it.
    /// </remarks>
    public override int WriteTimeout(int configured) => configured == 0 ? 0 : Math.Max(configured, LeastWriteTimeout);

    /// <summary>A server that was the primary before a failover answers, and would refuse all writes for as long as connections to it are kept.</summary>
    public override void Leave(ScimDbContext context, DbException error)
    {
        if (error.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            NpgsqlConnection.ClearPool((NpgsqlConnection)context.Database.GetDbConnection());
        }
    }

    public override ValueTask<IDisposable?> EnterWriteAsync(CancellationToken cancellationToken) => new((IDisposable?)null);

    public override async Task<IDbContextTransaction?> EnterMigrationAsync(ScimDbContext holder, CancellationToken cancellationToken)
    {
        holder.Database.SetCommandTimeout(0);
        var transaction = await holder.Database.BeginTransactionAsync(cancellationToken);
        await holder.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({MigrationLock})", cancellationToken);
        return transaction;
    }

    public override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

    public override async Task InsertAsync(WriteTransaction write, IReadOnlyList<NewResource> resources)
    {
        await using var command = write.CreateCommand();
        NewRows.Append((NpgsqlCommand)command, resources);
        command.AppendCount(this, resources.Count);
        write.EndWith(command);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    public override string Commit => "\nCOMMIT;";

    public override bool FencesSubqueries => true;

    public override string DocumentValue(BoundPath path, bool isNumber)
    {
        var owner = path.Extension is null ? "r.search" : $"r.search -> {Quote(path.Extension.Id)}";
        var (from, step) = (owner, Quote(path.Attribute.Name));
        if (path.Attribute.MultiValued)
        {
            (from, step) = ($"{owner} -> {step}", "0");
        }

        if (path.SubAttribute is not null)
        {
            var element = path.Attribute.PrimarySubAttribute is null
                ? $"{from} -> {step}"
                : $"coalesce(jsonb_path_query_first({from}, '$[*] ? (@.primary == true)'), {from} -> {step})";
            (from, step) = (element, Quote(path.SubAttribute.Name));
        }

        return isNumber
            ? $"CASE jsonb_typeof({from} -> {step}) WHEN 'number' THEN ({from} -> {step})::numeric END"
            : ByCodePoint($"left({from} ->> {step}, {SortedCharacters})");
    }

    public override string ByCodePoint(string expression) => $"({expression}) COLLATE \"C\"";

    protected override object ParseNumber(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
