using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Scim.EntityFrameworkCore.PostgreSql.Migrations
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

            migrationBuilder.AlterColumn<string>(
                name: "delta",
                table: "changes",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "jsonb");

            migrationBuilder.AddColumn<string>(
                name: "display",
                table: "changes",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "external_id",
                table: "changes",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid[]>(
                name: "member_ids",
                table: "changes",
                type: "uuid[]",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "part",
                table: "changes",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "parts",
                table: "changes",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.CreateIndex(
                name: "ix_changes_member_ids",
                table: "changes",
                column: "member_ids",
                filter: "member_ids IS NOT NULL")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:StorageParameter:gin_pending_list_limit", 128);

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
                name: "ix_changes_member_ids",
                table: "changes");

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

            migrationBuilder.AlterColumn<string>(
                name: "delta",
                table: "changes",
                type: "jsonb",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.CreateIndex(
                name: "ix_changes_tenant_id_txn_resource_id",
                table: "changes",
                columns: new[] { "tenant_id", "txn", "resource_id" },
                unique: true);
        }
    }
}
