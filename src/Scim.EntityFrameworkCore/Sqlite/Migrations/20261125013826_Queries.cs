using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Scim.EntityFrameworkCore.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Queries : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_resources_tenant_id_type_display_name_key",
                table: "resources");

            migrationBuilder.DropIndex(
                name: "ix_resources_tenant_id_type_external_id",
                table: "resources");

            migrationBuilder.DropIndex(
                name: "ix_resources_tenant_id_type_last_modified",
                table: "resources");

            migrationBuilder.CreateTable(
                name: "server_keys",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_server_keys", x => x.name);
                });

            migrationBuilder.CreateIndex(
                name: "ix_resources_tenant_id_type_active_id",
                table: "resources",
                columns: new[] { "tenant_id", "type", "active", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_resources_tenant_id_type_display_name_key_id",
                table: "resources",
                columns: new[] { "tenant_id", "type", "display_name_key", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_resources_tenant_id_type_external_id_id",
                table: "resources",
                columns: new[] { "tenant_id", "type", "external_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_resources_tenant_id_type_last_modified_id",
                table: "resources",
                columns: new[] { "tenant_id", "type", "last_modified", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "server_keys");

            migrationBuilder.DropIndex(
                name: "ix_resources_tenant_id_type_active_id",
                table: "resources");

            migrationBuilder.DropIndex(
                name: "ix_resources_tenant_id_type_display_name_key_id",
                table: "resources");

            migrationBuilder.DropIndex(
                name: "ix_resources_tenant_id_type_external_id_id",
                table: "resources");

            migrationBuilder.DropIndex(
                name: "ix_resources_tenant_id_type_last_modified_id",
                table: "resources");

            migrationBuilder.CreateIndex(
                name: "ix_resources_tenant_id_type_display_name_key",
                table: "resources",
                columns: new[] { "tenant_id", "type", "display_name_key" });

            migrationBuilder.CreateIndex(
                name: "ix_resources_tenant_id_type_external_id",
                table: "resources",
                columns: new[] { "tenant_id", "type", "external_id" });

            migrationBuilder.CreateIndex(
                name: "ix_resources_tenant_id_type_last_modified",
                table: "resources",
                columns: new[] { "tenant_id", "type", "last_modified" });
        }
    }
}
