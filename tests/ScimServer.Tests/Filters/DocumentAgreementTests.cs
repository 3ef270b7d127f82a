using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Data.Sqlite;
using Npgsql;
using Scim.EntityFrameworkCore.PostgreSql;
using Scim.EntityFrameworkCore.Sqlite;
using Scim.Filters;
using Scim.Resources;
using Scim.Tests.Filters;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Filters;

/// <summary>SQLite's function and PostgreSQL's jsonpath answer every filter on documents as the evaluator does.</summary>
public sealed class DocumentAgreementTests
{
    private static readonly Gen<(Filter Filter, JsonObject[] Documents)> Cases =
        Gen.Select(FilterGenerators.FilterOf(FilterGenerators.Device), FilterGenerators.Document(FilterGenerators.Device).Array[6]);

    /// <summary>More than the few hundred of every run: SCIM_FILTER_CASES=100000.</summary>
    internal static long Iterations =>
        long.Parse(Environment.GetEnvironmentVariable("SCIM_FILTER_CASES") ?? "400", CultureInfo.InvariantCulture);

    [Fact]
    public void Sqlite_answers_as_the_evaluator()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        SqliteScimFunctions.Register(connection, name => name == "Device" ? FilterGenerators.Device : null, []);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT scim_matches(@search, @argument)";
        var (search, argument) = (command.Parameters.Add("@search", SqliteType.Text), command.Parameters.Add("@argument", SqliteType.Text));
        Agrees((document, filter) =>
        {
            (search.Value, argument.Value) = (document, SqliteScimFunctions.Argument(FilterGenerators.Device, filter));
            return (long)command.ExecuteScalar()! == 1;
        });
    }

    [SkippableFact]
    public async Task Postgresql_answers_as_the_evaluator()
    {
        await using var connection = new NpgsqlConnection(await PostgreSqlServer.CreateDatabaseAsync());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT @search::jsonb @? @path::jsonpath", connection);
        var search = command.Parameters.Add("search", NpgsqlTypes.NpgsqlDbType.Text);
        var path = command.Parameters.Add("path", NpgsqlTypes.NpgsqlDbType.Text);
        Agrees((document, filter) =>
        {
            (search.Value, path.Value) = (document, JsonPathWriter.Write(7, filter));
            return (bool)command.ExecuteScalar()!;
        });

        (search.Value, path.Value) = ("{\"$t\":\"8\",\"text\":\"a\"}", JsonPathWriter.Write(7, Filter.Parse("text eq \"a\" or text pr", new Scim.ScimLimits()).Bind(FilterGenerators.Device)));
        Assert.False((bool)(await command.ExecuteScalarAsync())!, "Another tenant's document never matches.");
    }

    private static void Agrees(Func<string, BoundFilter, bool> ask) => Cases.Sample(
        (filter, documents) =>
        {
            var bound = filter.Bind(FilterGenerators.Device);
            foreach (var document in documents)
            {
                var search = SearchDocument.Build(new ResourceDocument(FilterGenerators.Device, document), tenantId: 7);
                Assert.True(FilterEvaluator.Matches(bound, document) == ask(search, bound), $"{bound}\n{search}\n{JsonPathWriter.Write(7, bound)}");
            }
        },
        iter: Iterations,
        threads: 1);
}
