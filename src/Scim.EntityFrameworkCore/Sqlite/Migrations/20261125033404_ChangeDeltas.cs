using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Scim.EntityFrameworkCore.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class ChangeDeltas : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_changes_tenant_id_txn_resource_id",
                table: "changes");

            migrationBuilder.AddColumn<string>(
                name: "display",
                table: "changes",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "external_id",
                table: "changes",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "member_ids",
                table: "changes",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "part",
                table: "changes",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "parts",
                table: "changes",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.CreateIndex(
                name: "ix_changes_tenant_id_txn_resource_id_part",
                table: "changes",
                columns: new[] { "tenant_id", "txn", "resource_id", "part" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_changes_tenant_id_txn_resource_id_part",
                table: "changes");

            migrationBuilder.DropColumn(
                name: "display",
                table: "changes");

            migrationBuilder.DropColumn(
                name: "external_id",
                table: "changes");

            migrationBuilder.DropColumn(
                name: "member_ids",
                table: "changes");

            migrationBuilder.DropColumn(
                name: "part",
                table: "changes");

            migrationBuilder.DropColumn(
                name: "parts",
                table: "changes");

            migrationBuilder.CreateIndex(
                name: "ix_changes_tenant_id_txn_resource_id",
                table: "changes",
                columns: new[] { "tenant_id", "txn", "resource_id" },
                unique: true);
        }
    }
}
