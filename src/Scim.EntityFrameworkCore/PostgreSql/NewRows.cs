using Npgsql;
using NpgsqlTypes;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Resources;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <summary>
/// Inserts many resources and their change records by one statement each, whose parameters are arrays of a column: the text stays
/// the same for any number of rows, so it is parsed and planned once. (COPY is refused where row-level security is on.)
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
        command.Parameters.Add(new NpgsqlParameter("tenant_id", NpgsqlDbType.Integer) { Value = created[0].Row.TenantId });
        command.Parameters.Add(new NpgsqlParameter("type", NpgsqlDbType.Text) { Value = created[0].Row.Type });
        command.Parameters.Add(new NpgsqlParameter("kind", NpgsqlDbType.Text) { Value = ChangeKind.Create });
        command.Parameters.Add(new NpgsqlParameter("actor", NpgsqlDbType.Text) { Value = created[0].Operation.Actor });
        command.AddColumn("id", NpgsqlDbType.Uuid, created, resource => resource.Row.Id);
        command.AddColumn("unique_key", NpgsqlDbType.Text, created, resource => resource.Row.UniqueKey);
        command.AddColumn("external_id", NpgsqlDbType.Text, created, resource => resource.Row.ExternalId);
        command.AddColumn("display_name_key", NpgsqlDbType.Text, created, resource => resource.Row.DisplayNameKey);
        command.AddColumn("display", NpgsqlDbType.Text, created, resource => resource.Row.Display);
        command.AddColumn("active", NpgsqlDbType.Boolean, created, resource => resource.Row.Active);
        command.AddColumn("reference_id", NpgsqlDbType.Uuid, created, resource => resource.Row.ReferenceId);
        command.AddColumn("created", NpgsqlDbType.TimestampTz, created, resource => resource.Row.Created.UtcDateTime);
        command.AddColumn("last_modified", NpgsqlDbType.TimestampTz, created, resource => resource.Row.LastModified.UtcDateTime);
        command.AddColumn("version", NpgsqlDbType.Bigint, created, resource => resource.Row.Version);
        command.AddColumn("document", NpgsqlDbType.Bytea, created, resource => resource.Row.Document);
        command.AddColumn("search", NpgsqlDbType.Jsonb, created, resource => resource.Row.Search);
        command.AddColumn("password_hash", NpgsqlDbType.Text, created, resource => resource.Row.PasswordHash);
        command.AddColumn("txn", NpgsqlDbType.Uuid, created, resource => resource.Operation.Txn);
        command.AddColumn("delta", NpgsqlDbType.Text, created, resource => resource.Change.Json);
    }
}
