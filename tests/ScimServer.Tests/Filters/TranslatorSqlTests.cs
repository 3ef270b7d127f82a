using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Filters;
using Scim.EntityFrameworkCore.PostgreSql;
using Scim.EntityFrameworkCore.Sqlite;
using Scim.Filters;
using Scim.Schemas;

namespace ScimServer.Tests.Filters;

/// <summary>
/// The SQL of filters, so that a change of it is read in a review. Written anew with SCIM_ACCEPT_SQL=1; no database is needed.
/// </summary>
public sealed class TranslatorSqlTests
{
    private static readonly (ResourceType Type, string Filter)[] Filters =
    [
        (FilterWorld.User, "userName eq \"BJensen\""),
        (FilterWorld.User, "userName sw \"bj\""),
        (FilterWorld.User, "userName co \"50%\""),
        (FilterWorld.User, "userName ew \"n\""),
        (FilterWorld.User, "not (displayName gt \"b\")"),
        (FilterWorld.User, "externalId eq \"X\" and active ne true"),
        (FilterWorld.User, "id eq \"54d382a4-2050-4c03-94d1-e769f1d15682\" and manager eq \"2819c223-7f76-453a-919d-413861904646\""),
        (FilterWorld.User, "id sw \"54d3\""),
        (FilterWorld.User, "meta.lastModified ge \"2011-05-13T04:42:34Z\" and meta.resourceType eq \"User\""),
        (FilterWorld.User, "meta.version eq \"W/\\\"3\\\"\""),
        (FilterWorld.User, "title eq \"x\" and userName sw \"b\" and emails[type eq \"work\" and not (value ew \".org\")]"),
        (FilterWorld.User, "title pr or userName eq \"b\" or nickName ne \"c\""),
        (FilterWorld.User, "manager.displayName eq \"Ann\" and title pr"),
        (FilterWorld.User, "not (manager[displayName co \"a\" and value pr])"),
        (FilterWorld.User, "manager.$ref ne \"https://scim.example/Users/2819c223-7f76-453a-919d-413861904646\""),
        (FilterWorld.User, "groups eq \"2819c223-7f76-453a-919d-413861904646\""),
        (FilterWorld.User, "groups.display co \"admin\""),
        (FilterWorld.Group, "members eq \"2819c223-7f76-453a-919d-413861904646\""),
        (FilterWorld.Group, "not (members pr)"),
        (FilterWorld.Group, "members[type eq \"User\" and display sw \"a\"]"),
    ];

    [Fact]
    public Task Postgresql()
    {
        var builder = new DbContextOptionsBuilder<PostgreSqlScimDbContext>();
        ScimEntityFrameworkCoreExtensions.UsePostgreSql(builder, "Host=nowhere");
        return IsAsExpected(new PostgreSqlScimDbContext(builder.Options), "translator.postgresql.sql");
    }

    [Fact]
    public Task Sqlite()
    {
        var builder = new DbContextOptionsBuilder<SqliteScimDbContext>();
        ScimEntityFrameworkCoreExtensions.UseSqlite(builder, "Data Source=:memory:");
        return IsAsExpected(new SqliteScimDbContext(builder.Options), "translator.sqlite.sql");
    }

    private static async Task IsAsExpected(ScimDbContext context, string file, [CallerFilePath] string here = "")
    {
        await using var owned = context;
        context.TenantId = 7;
        var sql = new StringBuilder();
        foreach (var (type, text) in Filters)
        {
            var bound = Filter.Parse(text, new ScimLimits()).Bind(type);
            var query = context.Resources.Where(row => row.Type == type.Name).Where(FilterTranslator.Translate(bound, type, context)).Select(row => row.Id);
            sql.Append("-- ").Append(type).Append(": ").Append(text).Append('\n').Append(query.ToQueryString().ReplaceLineEndings("\n")).Append("\n\n");
        }

        var path = Path.Combine(Path.GetDirectoryName(here)!, file);
        if (Environment.GetEnvironmentVariable("SCIM_ACCEPT_SQL") == "1")
        {
            await File.WriteAllTextAsync(path, sql.ToString());
        }

        Assert.Equal(await File.ReadAllTextAsync(path), sql.ToString());
    }
}
