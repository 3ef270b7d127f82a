using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Scim.EntityFrameworkCore.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class PolledStreams : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "poll_streams",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    stream_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_poll_streams", x => new { x.tenant_id, x.stream_id });
                    table.ForeignKey(
                        name: "fk_poll_streams_event_streams_tenant_id_stream_id",
                        columns: x => new { x.tenant_id, x.stream_id },
                        principalTable: "event_streams",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            // The streams that there are already.
            migrationBuilder.Sql(
                """
                INSERT INTO poll_streams (tenant_id, stream_id)
                SELECT stream.tenant_id, stream.id FROM tenants JOIN event_streams AS stream ON stream.tenant_id = tenants.id WHERE stream.delivery = 'Poll';
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "poll_streams");
        }
    }
}
