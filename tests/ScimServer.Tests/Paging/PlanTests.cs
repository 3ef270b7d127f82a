using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Paging;

/// <summary>
/// The way that PostgreSQL takes to a page: what a request over HTTP executes is caught and explained as the prepared statement
/// that it becomes, whose plan does not know the values. On 20,000 users in each of two tenants.
/// </summary>
public sealed partial class PlanTests
{
    private const string Documents = "ix_resources_search";
    private const string UserName = "ix_resources_tenant_id_type_unique_key";
    private const string DisplayName = "ix_resources_tenant_id_type_display_name_key_id";
    private const string ExternalId = "ix_resources_tenant_id_type_external_id_id";
    private const string LastModified = "ix_resources_tenant_id_type_last_modified_id";
    private const string Ids = "ix_resources_tenant_id_type_id";

    private static readonly Lazy<Task<ScimClient>> Seeded = new(SeedAsync);

    [SkippableTheory]
    [InlineData("userName eq \"u777\"", UserName)]
    [InlineData("externalId eq \"e777\"", ExternalId)]
    [InlineData("displayName eq \"d777\"", DisplayName)]
    [InlineData("emails.value eq \"u777@x.org\"", Documents)]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq \"777\"", Documents)]
    [InlineData("emails[type eq \"work\" and value eq \"u777@x.org\"]", Documents)]
    [InlineData("userName eq \"u777\" or emails.value eq \"u778@x.org\"", Documents)]
    [InlineData("title eq \"t7\" and meta.created gt \"2026-01-01T00:00:00Z\"", Documents)]
    [InlineData("meta.lastModified gt \"2026-01-01T05:33:00Z\" and meta.lastModified lt \"2026-01-01T05:33:10Z\"", LastModified)]
    public async Task What_a_filter_looks_for_is_found_by_an_index(string filter, string index)
    {
        var plan = await PlanAsync($"/Users?filter={Uri.EscapeDataString(filter)}");
        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("BitmapAnd", plan, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("emails[type eq \"work\" and value eq \"u777@x.org\"]", true)]
    [InlineData("title eq \"t7\" and meta.created gt \"2026-01-01T00:00:00Z\"", false)]
    [InlineData("active eq true", false)]
    public async Task What_the_document_alone_decides_is_planned_once_for_all_requests(string filter, bool once)
    {
        var statements = await StatementsAsync(await Seeded.Value, $"/Users?filter={Uri.EscapeDataString(filter)}");
        Assert.Equal(once, statements.First(Page().IsMatch).Contains("force_generic_plan", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Groups_of_a_member_are_found_by_an_index()
    {
        var plan = await PlanAsync($"/Groups?filter=members.value eq \"{Guid.Empty}\"");
        Assert.DoesNotContain("Seq Scan on resources", plan, StringComparison.Ordinal);
        Assert.Contains("memberships", plan, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("", Ids)]
    [InlineData("startIndex=15000", Ids)]
    [InlineData("sortBy=displayName", DisplayName)]
    [InlineData("sortBy=externalId&sortOrder=descending", ExternalId)]
    [InlineData("sortBy=meta.lastModified&sortOrder=descending", LastModified)]
    [InlineData("sortBy=userName", UserName)]
    public async Task A_page_in_the_order_of_an_index_is_read_from_it(string query, string index)
    {
        var plan = await PlanAsync($"/Users?{query}");
        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("", Ids)]
    [InlineData("sortBy=displayName", DisplayName)]
    [InlineData("sortBy=displayName&sortOrder=descending", DisplayName)]
    [InlineData("filter=userName co \"7\"", Ids)]
    [InlineData("filter=title pr&sortBy=displayName", DisplayName)]
    [InlineData("filter=title co \"t\"&sortBy=meta.lastModified&sortOrder=descending", LastModified)]
    public async Task A_walk_begins_anywhere_in_the_index_and_sorts_nothing_but_its_page(string query, string index)
    {
        var scim = await Seeded.Value;
        var cursor = (string)(await scim.GetAsync($"/Users?{query}&count=10&cursor=")).Expect(200).Object["nextCursor"]!;
        var plan = await PlanAsync($"/Users?{query}&count=10&cursor={cursor}");
        var page = plan[plan.IndexOf("CTE page", StringComparison.Ordinal)..];
        page = page[..(page.IndexOf("  CTE edge", StringComparison.Ordinal) is > 0 and var edge ? edge : page.IndexOf("InitPlan", StringComparison.Ordinal))];
        Assert.True(page.Contains(index, StringComparison.Ordinal) || (index == Ids && page.Contains("pk_resources", StringComparison.Ordinal)), page);
        Assert.DoesNotContain("Sort", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
        Assert.DoesNotContain(Documents, plan, StringComparison.Ordinal);
    }

    private static async Task<string> PlanAsync(string path)
    {
        var scim = await Seeded.Value;
        var statements = await StatementsAsync(scim, path);
        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        return await ExplainAsync(context, Page().Match(statements.First(Page().IsMatch)).Value);
    }

    /// <summary>What the request executes. The trace that it brings along marks what is its own.</summary>
    private static async Task<List<string>> StatementsAsync(ScimClient scim, string path)
    {
        var trace = ActivityTraceId.CreateRandom();
        var texts = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == trace && (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is string text)
                {
                    lock (texts)
                    {
                        texts.Add(text);
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        (await scim.GetAsync(path, ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01"))).Expect(200);
        return texts;
    }

    private static async Task<string> ExplainAsync(ScimDbContext context, string text)
    {
        var names = new List<string>();
        var numbered = Parameter().Replace(text, match =>
        {
            var place = names.IndexOf(match.Value);
            if (place < 0)
            {
                names.Add(match.Value);
                place = names.Count - 1;
            }

            return $"${place + 1}";
        });
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"SET plan_cache_mode = force_generic_plan; PREPARE explained AS {numbered}";
        await command.ExecuteNonQueryAsync();
        command.CommandText = $"EXPLAIN EXECUTE explained{(names.Count == 0 ? "" : $"({string.Join(", ", names.Select(_ => "NULL"))})")}";
        var lines = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                lines.Add(reader.GetString(0));
            }
        }

        command.CommandText = "DEALLOCATE explained; RESET plan_cache_mode";
        await command.ExecuteNonQueryAsync();
        return string.Join('\n', lines);
    }

    private static async Task<ScimClient> SeedAsync()
    {
        var server = await ScimServerFactory.StartAsync(Database.PostgreSql);
        var (other, scim) = (await TestServers.NewTenantAsync(server), await TestServers.NewTenantAsync(server));
        await using var context = server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        foreach (var tenant in new[] { other.Tenant.Id, scim.Tenant.Id })
        {
            await context.Database.ExecuteSqlRawAsync(Seed.Replace("TENANT", tenant.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        await context.Database.ExecuteSqlRawAsync("VACUUM ANALYZE resources");
        return scim;
    }

    private const string Seed =
        """
        INSERT INTO resources (tenant_id, id, type, unique_key, external_id, display_name_key, display, active, created, last_modified, version, document, search)
        SELECT TENANT, gen_random_uuid(), 'User', 'u' || i, 'e' || i, CASE WHEN i % 100 > 0 THEN 'd' || i END, 'U', true, at, at, 1,
            convert_to(replace(doc::text, '": ', '":'), 'UTF8'), doc || jsonb_build_object('$t', 'TENANT')
        FROM (SELECT i, timestamptz '2026-01-01' + i * interval '1 second' AS at, jsonb_build_object(
                'schemas', jsonb_build_array('urn:ietf:params:scim:schemas:core:2.0:User'), 'userName', 'u' || i, 'externalId', 'e' || i, 'active', true,
                'displayName', 'd' || i, 'title', 't' || i % 300, 'nickName', repeat(md5(i::text), 20),
                'emails', jsonb_build_array(jsonb_build_object('value', 'u' || i || '@x.org', 'type', 'work')),
                'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('employeeNumber', i::text)) AS doc
            FROM generate_series(1, 20000) AS i) AS made
        """;

    /// <summary>The statement without settings in front of it.</summary>
    [GeneratedRegex("^WITH.*", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Page();

    [GeneratedRegex("@[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Parameter();
}
