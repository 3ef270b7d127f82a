using Npgsql;
using NpgsqlTypes;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Resources;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <summary>
/// Inserts many resources and their change records by one statement each, whose parameters are arrays of a column: the text stays
/// the same for any number of rows, so it is parsed and planned once. COPY would be as fast, but is refused where row-level security is on.
/// </summary>
internal static class NewRows
{
    private const string Resources =
        """
        INSERT INTO resources (tenant_id, type, id, unique_key, external_id, display_name_key, display, active, reference_id,
            created, last_modified, version, document, search, password_hash)
        SELECT @tenant_id, @type, r.* FROM unnest(@id, @unique_key, @external_id, @display_name_key, @display, @active, @reference_id,
            @created, @last_modified, @version, @document, @search, @password_hash) AS r;
        """;

    private const string Changes =
        """

        INSERT INTO changes (tenant_id, resource_type, kind, actor, part, parts, resource_id, external_id, display, version, at, txn, delta)
        SELECT @tenant_id, @type, @kind, @actor, 0, 1, c.* FROM unnest(@id, @external_id, @display, @version, @created, @txn, @delta) AS c;
        """;

    /// <summary>Appends both statements. All resources are of one tenant and one type.</summary>
    public static void Append(NpgsqlCommand command, IReadOnlyList<NewResource> created)
    {
        command.CommandText += Resources + Changes;
        Add(command, "tenant_id", NpgsqlDbType.Integer, created[0].Row.TenantId);
        Add(command, "type", NpgsqlDbType.Text, created[0].Row.Type);
        Add(command, "kind", NpgsqlDbType.Text, ChangeKind.Create);
        Add(command, "actor", NpgsqlDbType.Text, created[0].Operation.Actor);
        AddColumn(command, "id", NpgsqlDbType.Uuid, created, resource => resource.Row.Id);
        AddColumn(command, "unique_key", NpgsqlDbType.Text, created, resource => resource.Row.UniqueKey);
        AddColumn(command, "external_id", NpgsqlDbType.Text, created, resource => resource.Row.ExternalId);
        AddColumn(command, "display_name_key", NpgsqlDbType.Text, created, resource => resource.Row.DisplayNameKey);
        AddColumn(command, "display", NpgsqlDbType.Text, created, resource => resource.Row.Display);
        AddColumn(command, "active", NpgsqlDbType.Boolean, created, resource => resource.Row.Active);
        AddColumn(command, "reference_id", NpgsqlDbType.Uuid, created, resource => resource.Row.ReferenceId);
        AddColumn(command, "created", NpgsqlDbType.TimestampTz, created, resource => resource.Row.Created.UtcDateTime);
        AddColumn(command, "last_modified", NpgsqlDbType.TimestampTz, created, resource => resource.Row.LastModified.UtcDateTime);
        AddColumn(command, "version", NpgsqlDbType.Bigint, created, resource => resource.Row.Version);
        AddColumn(command, "document", NpgsqlDbType.Bytea, created, resource => resource.Row.Document);
        AddColumn(command, "search", NpgsqlDbType.Jsonb, created, resource => resource.Row.Search);
        AddColumn(command, "password_hash", NpgsqlDbType.Text, created, resource => resource.Row.PasswordHash);
        AddColumn(command, "txn", NpgsqlDbType.Uuid, created, resource => resource.Operation.Txn);
        AddColumn(command, "delta", NpgsqlDbType.Text, created, resource => resource.Change.Json);
    }

    private static void Add(NpgsqlCommand command, string name, NpgsqlDbType type, object value) =>
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value });

    private static void AddColumn<TValue>(NpgsqlCommand command, string name, NpgsqlDbType type, IReadOnlyList<NewResource> created, Func<NewResource, TValue> value) =>
        Add(command, name, NpgsqlDbType.Array | type, created.Select(value).ToArray());
}
