using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Errors;

/// <summary>Every failure is a SCIM error (RFC 7644 §3.12) that says what to change, changes nothing and gives nothing away.</summary>
public sealed partial class ErrorTests
{
    private static readonly string[] Internals =
        ["Exception", "Npgsql", "Sqlite", "EntityFramework", "System.", "Microsoft.", ".cs:", "SELECT ", "INSERT ", "StackTrace", "resources", "tenant_id"];

    public static TheoryData<Database, string> Malformed
    {
        get
        {
            var data = new TheoryData<Database, string>();
            foreach (var name in MalformedBodies.All.Keys)
            {
                data.Add(Database.Sqlite, name);
                data.Add(Database.PostgreSql, name);
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_body_is_400_invalidSyntax_on_every_endpoint_that_takes_one(Database database, string name)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync("unchanged");
        var group = await scim.CreateGroupIdAsync("unchanged");

        foreach (var (method, path) in new[]
        {
            ("POST", "/Users"), ("POST", "/Groups"), ("PUT", $"/Users/{user["id"]}"), ("PATCH", $"/Users/{user["id"]}"),
            ("PUT", $"/Groups/{group}"), ("PATCH", $"/Groups/{group}"), ("POST", "/Users/.search"), ("PUT", "/Users/abc"), ("PATCH", "/Users/abc"),
        })
        {
            var answer = await SendAsync(scim, method, path, MalformedBodies.All[name]);
            CheckClean(answer, answer.ExpectError(400, "invalidSyntax"));
        }

        Assert.Equal(user.ToJsonString(), (await scim.GetAsync($"/Users/{user["id"]}")).Object.ToJsonString());
        Assert.Equal(1, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
        Assert.Equal("W/\"1\"", (await scim.GetAsync($"/Groups/{group}")).ETag);
    }

    [SkippableTheory]
    [EachDatabase("{\"userName\":\"a\",\"displayName\":\"\\u0000\"}")]
    [EachDatabase("{\"userName\":\"a\\u0000b\"}")]
    [EachDatabase("{\"userName\":\"\\ud800\"}")]
    [EachDatabase("{\"userName\":\"a\",\"x\\u0000\":1}")]
    public async Task Characters_that_no_database_holds_are_400(Database database, string body)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var answer = (await scim.PostAsync("/Users", body)).Expect(400);

        CheckClean(answer, (string)answer.Object["detail"]!);
        Assert.Equal(0, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_byte_order_mark_is_passed_over(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        (await SendAsync(scim, "POST", "/Users", [.. Encoding.UTF8.Preamble, .. """{"userName":"a"}"""u8])).Expect(201);
    }

    [SkippableTheory]
    [EachDatabase("GET", "/Users")]
    [EachDatabase("POST", "/Users")]
    [EachDatabase("GET", "/Groups/abc")]
    [EachDatabase("PATCH", "/Groups/abc")]
    [EachDatabase("DELETE", "/Users/abc")]
    [EachDatabase("POST", "/Bulk")]
    [EachDatabase("GET", "/Me")]
    public async Task RFC7644_2_no_or_a_wrong_token_is_401_with_a_challenge_before_anything_else(Database database, string method, string path)
    {
        var scim = await TestServers.NewTenantAsync(database);
        foreach (var authorization in new[] { null, "Bearer wrong", "Bearer", "Basic YTpi", "bearer x x x", "Bearer " + new string('a', 5000) })
        {
            var answer = await SendAsync(scim.WithToken(null), method, path, method is "GET" or "DELETE" ? null : "{"u8.ToArray(), authorization);

            CheckClean(answer, answer.ExpectError(401));
            Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC9110_11_1_the_name_of_the_scheme_is_case_insensitive(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        (await SendAsync(scim.WithToken(null), "GET", "/Users", null, "bEARER " + scim.Token)).Expect(200);
    }

    [SkippableTheory]
    [EachDatabase("GET", "/Nope", 404)]
    [EachDatabase("POST", "/Nope", 404)]
    [EachDatabase("GET", "/Users/a/b/c", 404)]
    [EachDatabase("GET", "/Users/00000000-0000-0000-0000-000000000000", 404)]
    [EachDatabase("PUT", "/Users", 405)]
    [EachDatabase("PATCH", "/Users", 405)]
    [EachDatabase("DELETE", "/Users", 405)]
    [EachDatabase("POST", "/Users/0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f", 405)]
    [EachDatabase("DELETE", "/Groups", 405)]
    [EachDatabase("PROPFIND", "/Users", 405)]
    [EachDatabase("GET", "/../../etc/passwd", 404)]
    public async Task Unknown_paths_are_404_and_methods_that_an_endpoint_lacks_405_with_Allow(Database database, string method, string path, int status)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var answer = await SendAsync(scim, method, path, method is "GET" or "DELETE" ? null : "{}"u8.ToArray());

        CheckClean(answer, answer.ExpectError(status));
        Assert.Equal(status == 405, answer.Header("Allow") is { Length: > 0 });
    }

    [SkippableTheory]
    [EachDatabase("text/plain")]
    [EachDatabase("application/xml")]
    [EachDatabase("application/x-www-form-urlencoded")]
    [EachDatabase("multipart/form-data; boundary=x")]
    [EachDatabase("garbage")]
    [EachDatabase("application/json; charset=utf-16")]
    public async Task Media_types_that_are_not_JSON_in_UTF8_are_415(Database database, string contentType)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();

        foreach (var (method, path) in new[] { ("POST", "/Users"), ("PUT", $"/Users/{id}"), ("PATCH", $"/Users/{id}"), ("POST", "/Groups/.search") })
        {
            var answer = await SendAsync(scim, method, path, """{"userName":"a"}"""u8.ToArray(), contentType: contentType);
            CheckClean(answer, answer.ExpectError(415));
        }

        Assert.Equal(1, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase(false)]
    [EachDatabase(true)]
    public async Task A_body_past_the_limit_is_413_whether_its_length_is_announced_or_not(Database database, bool chunked)
    {
        var scim = await SmallServer.NewTenantAsync(database);
        var body = Encoding.UTF8.GetBytes($$"""{"userName":"{{new string('a', SmallServer.MaxBodyBytes)}}"}""");

        var answer = await SendAsync(scim, "POST", "/Users", body, chunked: chunked);

        CheckClean(answer, answer.ExpectError(413));
        Assert.Equal(0, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase("/Users/%ff")]
    [EachDatabase("/Users/..%2f..%2fetc")]
    [EachDatabase("/Users/%2e%2e/Groups")]
    [EachDatabase("/%2e%2e/admin")]
    [EachDatabase("/Users?filter=%00")]
    [EachDatabase("/Users?filter=%ff%fe")]
    [EachDatabase("/Users?filter=")]
    [EachDatabase("/Users?count=")]
    [EachDatabase("/Users?startIndex=1&startIndex=2")]
    [EachDatabase("/Users?filter=userName%20eq%20%22a%22&filter=title%20pr")]
    [EachDatabase("/Users?attributes=")]
    [EachDatabase("/Users?attributes=%00")]
    [EachDatabase("/Users?sortBy=")]
    [EachDatabase("/Users?sortBy=%27;drop%20table%20resources--&sortOrder=sideways")]
    [EachDatabase("/Users?cursor=garbage")]
    [EachDatabase("/Users?filter=userName%20eq%20%22%00%22")]
    [EachDatabase("/Users?filter=userName%20eq%20%22%5Cud800%22")]
    [EachDatabase("/Users?filter=userName%20eq%20%22'%20or%201=1%20--%22")]
    [EachDatabase("/Users/'%20or%201=1%20--")]
    [EachDatabase("/Users?%00=%00")]
    public async Task Hostile_addresses_are_answered_without_5xx(Database database, string path)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserIdAsync("a");

        var answer = await scim.GetAsync(path);

        Assert.InRange(answer.Status, 200, 499);
        if (answer.Status >= 400)
        {
            CheckClean(answer, answer.ExpectError(answer.Status, (string?)answer.Object["scimType"]));
        }
    }

    /// <summary>The web server refuses the request line before anything of this server sees it.</summary>
    [SkippableTheory]
    [EachDatabase("/Users/%00")]
    [EachDatabase("/Schemas/%00")]
    public async Task A_zero_in_the_path_is_400_without_a_word(Database database, string path)
    {
        var scim = await TestServers.NewTenantAsync(database);

        Assert.Empty((await scim.GetAsync(path)).Expect(400).Text);
    }

    [SkippableTheory]
    [EachDatabase(4_000)]
    [EachDatabase(100_000)]
    public async Task Very_long_addresses_are_answered_without_5xx(Database database, int length)
    {
        var scim = await TestServers.NewTenantAsync(database);

        Assert.InRange((await scim.GetAsync("/Users/" + new string('a', length))).Status, 400, 499);
        Assert.InRange((await scim.GetAsync("/Users?attributes=" + string.Concat(Enumerable.Repeat("a,", length / 2)))).Status, 200, 499);
        Assert.InRange((await scim.GetAsync("/Users?filter=" + new string('(', length))).Status, 400, 499);
    }

    [SkippableTheory]
    [EachDatabase("userName zz \"a\"")]
    [EachDatabase("userName eq")]
    [EachDatabase("eq \"a\"")]
    [EachDatabase("nope eq \"a\"")]
    [EachDatabase("name.nope pr")]
    [EachDatabase("active gt true")]
    [EachDatabase("userName eq \"a\" and")]
    [EachDatabase("(userName eq \"a\"")]
    [EachDatabase("userName eq \"a\" userName")]
    [EachDatabase("emails[type eq \"work\"")]
    [EachDatabase("userName eq 'a'")]
    [EachDatabase("meta.created gt \"yesterday\"")]
    [EachDatabase("meta.location ew \"/a\"")]
    [EachDatabase("meta.location sw \"http\"")]
    [EachDatabase("meta.version gt \"W/\\\"1\\\"\"")]
    public async Task RFC7644_3_12_a_filter_that_is_malformed_or_does_not_fit_is_invalidFilter_and_never_everything(Database database, string filter)
    {
        var scim = await TestServers.NewTenantAsync(database);

        foreach (var answer in new[]
        {
            await scim.FindAsync("/Users", filter),
            await scim.PostAsync("/Users/.search", new System.Text.Json.Nodes.JsonObject { ["filter"] = filter }.ToJsonString()),
        })
        {
            CheckClean(answer, answer.ExpectError(400, "invalidFilter"));
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_value_too_long_for_its_index_is_400_and_a_long_value_elsewhere_is_kept(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var longName = new string('x', 600);

        var answer = await scim.PostAsync("/Users", $$"""{"userName":"{{longName}}"}""");
        CheckClean(answer, answer.ExpectError(400, "invalidValue"));
        var kept = await scim.CreateUserAsync("a", $"\"title\":\"{new string('t', 100_000)}\"");
        Assert.Equal(100_000, ((string)(await scim.GetAsync($"/Users/{kept["id"]}")).Object["title"]!).Length);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Every_answer_has_a_reference_of_its_own_whatever_the_client_calls_its_request(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var references = new HashSet<string>();

        foreach (var sent in new[] { "abc-123", "<script>", "abc-123" })
        {
            var reference = (await scim.GetAsync("/Users", ("X-Correlation-Id", sent))).Header("X-Correlation-Id")!;
            Assert.Matches("^[0-9A-HJKMNP-TV-Z]{16}$", reference);
            Assert.True(references.Add(reference));
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_failure_of_the_server_is_500_with_its_reference_and_without_its_cause(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database);
        var scim = await TestServers.NewTenantAsync(server);
        await using (var context = server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id))
        {
            await context.Database.ExecuteSqlRawAsync("ALTER TABLE resources RENAME TO gone");
        }

        foreach (var answer in new[] { await scim.GetAsync("/Users"), await scim.PostAsync("/Users", """{"userName":"a"}"""), await scim.GetAsync($"/Users/{Guid.NewGuid()}") })
        {
            var detail = answer.ExpectError(500);
            CheckClean(answer, detail);
        }
    }

    private static void CheckClean(ScimResponse answer, string detail)
    {
        Assert.True(detail.Length > 8, $"The detail is no help: {detail}");
        Assert.NotEmpty(answer.Header("X-Correlation-Id")!);
        Assert.All(Internals, word => Assert.DoesNotContain(word, answer.Text, StringComparison.Ordinal));
        Assert.DoesNotMatch(StackFrame(), answer.Text);
        Assert.Null(answer.ETag);
        Assert.Null(answer.Location);
        Assert.Null(answer.Header("Server"));
    }

    private static async Task<ScimResponse> SendAsync(
        ScimClient scim, string method, string path, byte[]? body, string? authorization = null, string contentType = ScimClient.MediaType, bool chunked = false)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), scim.BaseUrl + path);
        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? (scim.Token is null ? null : "Bearer " + scim.Token));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            request.Headers.TransferEncodingChunked = chunked;
        }

        return await scim.SendAsync(request);
    }

    [GeneratedRegex(@"\bat [\w.`<>]+\(")]
    private static partial Regex StackFrame();
}
