using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Scim.EntityFrameworkCore.PostgreSql.Migrations
{
    /// <summary>
    /// Keeps ordinary resources in one piece: the row as a whole (three to a page of 8 kB) with search as it is and only the document compressed.
    /// By default PostgreSQL compresses search and moves it out of rows above 2 kB; a filter then has to fetch and unpack it for each row that it looks at.
    /// </summary>
    [DbContext(typeof(PostgreSqlScimDbContext))]
    [Migration("20261125023600_InlineSearch")]
    public partial class InlineSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            ALTER TABLE resources SET (toast_tuple_target = 2700);
            ALTER TABLE resources ALTER COLUMN search SET STORAGE EXTERNAL;
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            ALTER TABLE resources RESET (toast_tuple_target);
            ALTER TABLE resources ALTER COLUMN search SET STORAGE EXTENDED;
            """);
    }
}
