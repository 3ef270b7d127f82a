using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Scim.EntityFrameworkCore.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Access : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "deleting_since",
                table: "tenants",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "disabled_at",
                table: "tenants",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "identity_provider",
                table: "access_tokens",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "last_used_at",
                table: "access_tokens",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "replaced_by",
                table: "access_tokens",
                type: "uuid",
                nullable: true);

            // Tokens from before there were scopes, and those that a server of the version before makes, keep what they allow.
            migrationBuilder.AddColumn<string>(
                name: "scopes",
                table: "access_tokens",
                type: "text",
                nullable: false,
                defaultValue: "scim:read scim:write");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "deleting_since",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "disabled_at",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "identity_provider",
                table: "access_tokens");

            migrationBuilder.DropColumn(
                name: "last_used_at",
                table: "access_tokens");

            migrationBuilder.DropColumn(
                name: "replaced_by",
                table: "access_tokens");

            migrationBuilder.DropColumn(
                name: "scopes",
                table: "access_tokens");
        }
    }
}
