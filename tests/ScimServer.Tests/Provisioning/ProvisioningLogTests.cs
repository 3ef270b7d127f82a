using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Provisioning;
using Scim.EntityFrameworkCore.Rows;
using ScimServer.Provisioning;
using ScimServer.Tests.Admin;
using ScimServer.Tests.Bulk;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Provisioning;

public sealed class ProvisioningLogTests
{
    private const string UserName = "ada.lovelace@example.com";
    private const string Password = "Kl4mmer-affe!";

    /// <summary>RFC 7644 §3.12. Identity providers print the detail into their own log, which is where an administrator looks first.</summary>
    [SkippableTheory, EachDatabase]
    public async Task The_reference_in_an_error_finds_the_request_with_what_was_wrong_and_without_who_it_was_about(Database database)
    {
        var (scim, admin) = await NewAsync(database);
        var body = $$"""{"schemas":["{{ScimClient.User}}"],"userName":"{{UserName}}","password":"{{Password}}","active":"True","emails":[{"value":"{{UserName}}","type":"work"}]}""";
        (await scim.PostAsync("/Users", body)).Expect(201);
        var answer = await scim.PostAsync("/Users", body, ("X-Correlation-Id", "client-7"));
        Assert.Contains(UserName, answer.ExpectError(409, "uniqueness"), StringComparison.Ordinal);

        var found = await FindAsync(scim, admin, answer);
        Assert.Equal(scim.Tenant.Name, (string?)found["tenant"]);
        var request = found["request"]!.AsObject();
        JsonAssert.Has("""{"method":"POST","route":"/scim/v2/Users","status":409,"failed":true,"actor":"test","rules":["StringBoolean"],"clientId":"client-7"}""", request);
        Assert.All(["authenticate", "read", "store", "write"], step => Assert.InRange((double)request["steps"]![step]!, 0, (double)request["durationMs"]!));
        JsonAssert.Equal(
            $$"""
            {"schemas":["{{ScimClient.User}}"],"userName":"<e-mail, 24 characters>","password":"<secret>","active":"True","emails":[{"value":"<e-mail, 24 characters>","type":"work"}]}
            """,
            request["failure"]!["request"]!["body"]);
        JsonAssert.Has(
            """{"status":"409","scimType":"uniqueness","detail":"There is already a User with the userName \"<e-mail, 24 characters>\"."}""",
            request["failure"]!["error"]!.AsObject());
    }

    [SkippableTheory, EachDatabase]
    public async Task Every_refusal_has_a_reference_that_is_found(Database database)
    {
        var (scim, admin) = await NewAsync(database);
        var user = await scim.CreateUserIdAsync();
        (ScimResponse Answer, int Status)[] refused =
        [
            (await scim.GetAsync("/Users?filter=userNam%20eq%20%22x%22"), 400), (await scim.GetAsync("/Users/none"), 404), (await scim.GetAsync("/Usres"), 404),
            (await scim.PutAsync("/Users", "{}"), 405), (await scim.PostAsync("/Users", "{"), 400), (await scim.PostAsync("/Users", "{}", ("Content-Type", "text/plain")), 415),
            (await scim.GetAsync("/Users", ("Accept", "text/html")), 406), (await scim.GetAsync($"/Users/{user}", ("If-Match", "W/\"9\"")), 412),
            (await scim.PostAsync("/Users", new string(' ', 17_000_000)), 413), (await scim.GetAsync("/Me"), 501),
            (await scim.WithToken(null).GetAsync("/Users"), 401), (await scim.WithToken(null).GetAsync("/Usres"), 404),
        ];

        foreach (var (answer, status) in refused)
        {
            answer.ExpectError(status, (string?)answer.Object["scimType"]);
            var found = await FindAsync(scim, admin, answer);
            Assert.Equal(status, (int)(found["request"] ?? found["refused"])!["status"]!);
        }
    }

    /// <summary>RFC 8259 §8.1, §8.2: Latin-1 bytes, 0xFF and half a surrogate pair are no text. Such a request is refused, and just then somebody looks for it.</summary>
    [SkippableTheory, EachDatabase]
    public async Task A_request_with_ill_formed_text_is_found_with_the_place_where_it_stood(Database database)
    {
        var (scim, admin) = await NewAsync(database);
        var user = "/Users/" + await scim.CreateUserIdAsync();
        (HttpMethod Method, string Path, string Body, string Shown)[] cases =
        [
            (HttpMethod.Post, "/Users", """{"userName":"José","password":"Kl4mmer-affe!"}""", """{"userName":"<damaged text, 4 characters>","password":"<secret>"}"""),
            (HttpMethod.Post, "/Users", """{"userName":"ada","title":"\ud800"}""", """{"userName":"<text, 3 characters>","title":"<damaged text, 1 characters>"}"""),
            (HttpMethod.Put, user, """{"userÿName":"ada"}""", """{"<damaged text, 9 characters>":"<text, 3 characters>"}"""),
            (HttpMethod.Post, "/Users/.search", """{"filter":"userName eq \"ÿ\""}""", """{"filter":"userName eq \"<damaged text, 1 characters>\""}"""),
            (HttpMethod.Patch, user, """{"Operations":[{"op":"add","path":"password\udfff","value":"Kl4mmer-affe!"}]}""", """{"Operations":[{"op":"add","path":"<damaged text, 9 characters>","value":"<secret>"}]}"""),
            (HttpMethod.Patch, user, """{"Operations":[{"op":"add","path":"password","value":"Kl4mmer-affé!"}]}""", """{"Operations":[{"op":"add","path":"password","value":"<secret>"}]}"""),
        ];

        foreach (var (method, path, body, shown) in cases)
        {
            using var request = new HttpRequestMessage(method, scim.BaseUrl + path) { Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body)) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scim.Token);
            var answer = await scim.SendAsync(request);
            answer.ExpectError(400, "invalidSyntax");

            var found = await FindAsync(scim, admin, answer);
            JsonAssert.Equal(shown, found["request"]!["failure"]!["request"]!["body"]);
            Assert.DoesNotContain("Kl4mmer", found.ToJsonString(), StringComparison.Ordinal);
        }
    }

    /// <summary>EVT-34: operations are told apart by their position behind the value of the request.</summary>
    [SkippableTheory, EachDatabase]
    public async Task The_operations_of_a_bulk_are_found_by_the_reference_of_their_request(Database database)
    {
        var (scim, admin) = await NewAsync(database);
        await scim.CreateUserAsync("taken");
        var answer = (await scim.PostAsync("/Bulk", """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
              {"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"first"}},{"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"taken"}},
              {"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"G","members":[{"value":"bulkId:h"}]}},
              {"method":"POST","path":"/Groups","bulkId":"h","data":{"displayName":"H","members":[{"value":"bulkId:g"}]}}]}
            """)).Expect(200);
        var reference = answer.Header("X-Correlation-Id")!;
        var failed = answer.Object["Operations"]![1]!.AsObject();
        Assert.EndsWith($" (ref {reference}:1)", (string)failed["response"]!["detail"]!, StringComparison.Ordinal);
        Assert.NotEmpty(failed.Detail());

        // The circle of groups is closed by a second write of one of them.
        var changes = (await admin.GetAsync($"/tenants/{scim.Tenant.Id}/changes?txn={reference}")).Expect(200).Object["changes"]!.AsArray();
        var txns = changes.Select(change => ((string)change!["txn"]!)[16..]).Order(StringComparer.Ordinal).ToList();
        Assert.True(txns.SequenceEqual([":0", ":2", ":2.1", ":3"]) || txns.SequenceEqual([":0", ":2", ":3", ":3.1"]), string.Join(' ', txns));
        Assert.Single((await admin.GetAsync($"/tenants/{scim.Tenant.Id}/changes?txn={reference}:0")).Expect(200).Object["changes"]!.AsArray());
        var request = (await FindAsync(scim, admin, reference + ":1"))["request"]!;
        Assert.True((bool)request["failed"]!);
        Assert.Equal(1, (int)Assert.Single(request["failure"]!["operations"]!.AsArray())!["index"]!);
        Assert.Equal("<text, 5 characters>", (string?)Assert.Single(request["failure"]!["request"]!["body"]!["Operations"]!.AsArray())!["data"]!["userName"]);
    }

    [SkippableTheory, EachDatabase]
    public async Task Of_a_refused_token_the_operator_is_told_the_true_reason_and_the_client_never(Database database)
    {
        var (scim, admin) = await NewAsync(database);
        var tokens = scim.Server.Services.GetRequiredService<AccessTokens>();
        var expired = await tokens.CreateAsync(scim.Tenant.Name, "old", DateTimeOffset.UtcNow.AddMinutes(-1), default);
        var revoked = await tokens.CreateAsync(scim.Tenant.Name, "gone", null, default);
        await tokens.RevokeAsync(revoked.Token.Id, default);
        var disabled = await TestServers.NewTenantAsync(scim.Server);
        await scim.Server.Services.GetRequiredService<Tenants>().DisableAsync(disabled.Tenant.Name, default);
        var last = scim.Token![^1] == 'x' ? 'y' : 'x';
        (string Header, string Reason, string? Token)[] cases =
        [
            ("Bearer " + TokenSecret.Create(), "not one of this server", null), ("Bearer " + scim.Token[..30], "truncated: 30 of 54", null),
            ("Bearer " + scim.Token[..^1] + last, "checksum", null), ($"Bearer Bearer {scim.Token}", "Bearer is there twice", null),
            (scim.Token, "Bearer is missing", null), ($"Bearer \"{scim.Token}\"", "quotation marks", null), ("Basic dTpw", "another scheme", null),
            ($"Bearer {scim.Token}{scim.Token}", "pasted behind", null), ("Bearer " + expired.Secret, "expired", "old"), ("Bearer " + revoked.Secret, "revoked", "gone"),
            ("Bearer " + disabled.Token, "disabled", "test"),
        ];

        var answers = new List<ScimResponse>();
        foreach (var (header, reason, token) in cases)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, scim.BaseUrl + "/Users");
            request.Headers.TryAddWithoutValidation("Authorization", header);
            var answer = await scim.SendAsync(request);
            answer.ExpectError(401);
            answers.Add(answer);
            var refused = (await FindAsync(scim, admin, answer))["refused"]!.AsObject();
            Assert.Contains(reason, (string)refused["reason"]!, StringComparison.Ordinal);
            Assert.Equal(token, (string?)refused["token"]);
            Assert.DoesNotContain(scim.Token[5..20], refused.ToJsonString(), StringComparison.Ordinal);
        }

        Assert.Single(answers.Where(answer => answer.Header("WWW-Authenticate")!.Contains("invalid_token", StringComparison.Ordinal)).Select(answer => answer.TextWithoutReference).Distinct());
        Assert.NotEmpty((await admin.GetAsync("/refused-requests?count=5")).Expect(200).Object["requests"]!.AsArray());
    }

    [SkippableTheory, EachDatabase]
    public async Task The_log_is_read_in_pages_by_failure_resource_and_token_and_the_overview_counts(Database database)
    {
        var (scim, admin) = await NewAsync(database);
        var path = $"/tenants/{scim.Tenant.Id}/requests";
        var user = await scim.CreateUserIdAsync();
        for (var i = 0; i < 3; i++)
        {
            (await scim.GetAsync($"/Users/{user}")).Expect(200);
            (await scim.GetAsync($"/Users/{Guid.CreateVersion7()}")).Expect(404);
        }

        await CountedAsync(scim, 7);
        var pages = new List<JsonNode>();
        for (string? cursor = null; ;)
        {
            var page = (await admin.GetAsync($"{path}?count=2{(cursor is null ? "" : $"&cursor={cursor}")}")).Expect(200).Object;
            pages.AddRange(page["requests"]!.AsArray()!);
            if ((cursor = (string?)page["nextCursor"]) is null)
            {
                break;
            }
        }

        var references = pages.Select(page => (string)page["reference"]!).ToList();
        Assert.Equal(7, references.Count);
        Assert.Equal(references.OrderDescending(StringComparer.Ordinal), references);
        Assert.Equal(3, await CountAsync("?failed=true"));
        Assert.Equal(3, await CountAsync($"?resource={user}"));
        Assert.Equal(3, await CountAsync($"?resource={user}&actor=test"));
        Assert.Equal(0, await CountAsync("?actor=nobody"));
        Assert.Equal(0, await CountAsync("?until=2020-01-01T00:00:00Z"));
        AdminClient.ExpectProblem(await admin.GetAsync($"{path}?cursor=x"), 400, "cursor");
        AdminClient.ExpectProblem(await admin.GetAsync("/requests/x"), 400, "reference");
        AdminClient.ExpectProblem(await admin.GetAsync("/requests/0000000000000000"), 404);
        AdminClient.ExpectProblem(await admin.GetAsync("/overview?minutes=0"), 400, "minutes");

        var activity = JsonNode.Parse((await admin.GetAsync("/overview")).Expect(200).Text)!.AsArray().Single(one => (int)one!["tenantId"]! == scim.Tenant.Id)!;
        Assert.Equal((7, 3, 0), ((int)activity["requests"]!, (int)activity["failures"]!, (int)activity["unrecorded"]!));
        Assert.NotNull(activity["lastSeen"]);

        async Task<int> CountAsync(string query) => (await admin.GetAsync(path + query)).Expect(200).Object["requests"]!.AsArray().Count;
    }

    /// <summary>Which of two requests is noted first is up to the server, also where a client waited for one before it sent the other: what is certain is noted by then.</summary>
    [SkippableTheory, EachDatabase]
    public async Task The_log_can_be_followed_as_it_is_written(Database database)
    {
        var (scim, admin) = await NewAsync(database);
        await using var tail = await Tail.StartAsync(scim, admin, "?failed=true");
        (await scim.GetAsync("/Users")).Expect(200);
        var first = (await scim.GetAsync("/Users/none")).Header("X-Correlation-Id");
        Assert.Equal(first, Reference(await tail.NextAsync()));
        var second = (await scim.GetAsync("/Usres")).Header("X-Correlation-Id");
        Assert.Equal(second, Reference(await tail.NextAsync()));
    }

    /// <summary>RFC 9110 §12.5.1, as the feed of changes reads it.</summary>
    [SkippableTheory]
    [EachDatabase("text/event-stream", "text/event-stream")]
    [EachDatabase("text/event-stream;q=0.9, */*;q=0.8", "text/event-stream")]
    [EachDatabase("application/json, text/event-stream;q=0", "application/json")]
    [EachDatabase("application/json, text/event-stream;q=0.5", "application/json")]
    [EachDatabase("text/event-stream;q=0.5, */*", "application/json")]
    [EachDatabase("text/*", "application/json")]
    public async Task The_log_is_followed_by_whoever_prefers_that_to_a_page(Database database, string accept, string mediaType)
    {
        var (scim, admin) = await NewAsync(database);
        using var http = new HttpClient();
        using var answer = await Tail.SendAsync(http, scim, admin, "", accept);
        Assert.Equal(mediaType, answer.EnsureSuccessStatusCode().Content.Headers.ContentType!.MediaType);
    }

    [SkippableTheory, EachDatabase]
    public async Task The_log_is_not_followed_any_more_with_a_token_that_was_revoked(Database database)
    {
        var (scim, _) = await NewAsync(database);
        var tokens = scim.Server.Services.GetRequiredService<AccessTokens>();
        var issued = await tokens.CreateForOperatorAsync("for a while", null, default);
        await using var tail = await Tail.StartAsync(scim, new AdminClient(scim.Server, issued.Secret), "");

        await tokens.RevokeAsync(issued.Token.Id, default);

        await tail.EndAsync();
    }

    [SkippableTheory, EachDatabase]
    public async Task Who_follows_the_log_misses_nothing_however_many_come_at_once_and_however_long_they_took(Database database)
    {
        const int Many = 700;
        var (scim, admin) = await NewAsync(database);
        await using var tail = await Tail.StartAsync(scim, admin, $"?since={Uri.EscapeDataString(DateTimeOffset.UtcNow.AddMinutes(-10).ToString("O"))}");
        var now = DateTimeOffset.UtcNow;
        var rows = Enumerable.Range(0, Many).Select(index => Row(now.AddMilliseconds(-index), TimeSpan.FromMilliseconds(index % 7))).OrderBy(row => row.At.AddMicroseconds(row.Duration)).ToList();
        rows.Add(Row(now.AddMinutes(-5), TimeSpan.FromSeconds(299)));
        var writer = scim.Server.Services.GetRequiredService<ProvisioningLogWriter>();
        await writer.AppendAsync(scim.Tenant.Id, rows, default);

        var seen = new List<JsonObject>();
        for (var i = 0; i < rows.Count; i++)
        {
            seen.Add(await tail.NextAsync());
        }

        Assert.Equal(rows.Select(row => RequestReference.Format(row.Txn)).Order(StringComparer.Ordinal), seen.Select(Reference).Order(StringComparer.Ordinal));
        var ends = seen.Where(one => (double)one["durationMs"]! < 1000).Select(one => DateTimeOffset.Parse((string)one["at"]!, System.Globalization.CultureInfo.InvariantCulture).AddMilliseconds((double)one["durationMs"]!)).ToList();
        Assert.Equal(ends.Order(), ends);

        // Written now, though it began long before all that was seen.
        var late = Row(now.AddMinutes(-4), TimeSpan.FromSeconds(240));
        await writer.AppendAsync(scim.Tenant.Id, [late], default);
        Assert.Equal(RequestReference.Format(late.Txn), Reference(await tail.NextAsync()));

        RequestRow Row(DateTimeOffset at, TimeSpan duration) => new()
        {
            TenantId = scim.Tenant.Id,
            Txn = RequestReference.Create(at),
            At = at,
            Method = "GET",
            Route = "/scim/v2/Users",
            Status = 200,
            Failed = false,
            Actor = "test",
            Duration = (int)duration.TotalMicroseconds,
        };
    }

    [SkippableTheory, EachDatabase]
    public async Task Of_whatever_address_the_server_has_the_list_shows_where_a_request_was_refused(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database);
        var (scim, admin) = (await TestServers.NewTenantAsync(server), await AdminClient.NewAsync(server));
        using var http = new HttpClient { BaseAddress = server.Address };
        var own = Guid.CreateVersion7().ToString();
        var expected = new HashSet<string>();
        foreach (var endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => Filled(segment, own)));
            using var request = new HttpRequestMessage(new HttpMethod(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET"), path);
            using var answer = await http.SendAsync(request);
            if (answer.StatusCode == System.Net.HttpStatusCode.Unauthorized)
            {
                expected.Add(path.Replace("/ada", "/<text, 3 characters>", StringComparison.Ordinal).Replace("/7", "/<digits, 1 characters>", StringComparison.Ordinal));
            }
        }

        Assert.Superset(new HashSet<string> { "/ssf/streams", "/ssf/streams/<text, 3 characters>/poll", "/admin/tenants/<digits, 1 characters>/webhooks", "/admin/actions", "/scim/v2/.search" }, expected);
        var seen = new HashSet<string>();
        for (var attempt = 0; !seen.IsSupersetOf(expected) && attempt < 100; attempt++)
        {
            await FlushAsync(scim);
            seen = [.. (await admin.GetAsync("/refused-requests?count=1000")).Expect(200).Object["requests"]!.AsArray().Select(request => (string)request!["path"]!)];
        }

        Assert.Empty(expected.Except(seen));

        static string Filled(RoutePatternPathSegment segment, string id) => segment.Parts switch
        {
            [RoutePatternLiteralPart literal] => literal.Content,
            [RoutePatternParameterPart { ParameterPolicies: [{ Content: "int" }] }] => "7",
            [RoutePatternParameterPart { ParameterPolicies: [{ Content: "guid" }] }] => id,
            _ => "ada",
        };
    }

    [SkippableTheory, EachDatabase]
    public async Task Refused_requests_that_come_too_fast_for_the_list_are_counted(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database);
        var (scim, admin) = (await TestServers.NewTenantAsync(server), await AdminClient.NewAsync(server));
        var queue = server.Services.GetRequiredService<ProvisioningLogQueue>();
        var at = DateTimeOffset.UtcNow;
        Parallel.For(0, 300, _ => queue.Add(new RefusedRequest(
            new RefusedRequestRow { Txn = RequestReference.Create(at), At = at, Method = "GET", Path = "/scim/v2/Users", Status = 401, Reason = "test" }, null)));
        await FlushAsync(scim);

        var answer = (await admin.GetAsync("/refused-requests?count=1000")).Expect(200).Object;
        var (all, lost) = ((int)answer["lastDay"]!["requests"]!, (int)answer["lastDay"]!["unrecorded"]!);
        Assert.Equal(300, all);
        Assert.InRange(lost, 1, 100);
        Assert.Equal(all - lost, answer["requests"]!.AsArray().Count);
        Assert.DoesNotContain(JsonNode.Parse((await admin.GetAsync("/overview")).Expect(200).Text)!.AsArray(), one => (int)one!["tenantId"]! == 0);
        AdminClient.ExpectProblem(await admin.GetAsync($"/requests/{RequestReference.Format(RequestReference.Create(at))}"), 404);
    }

    [SkippableTheory, EachDatabase]
    public async Task What_comes_too_fast_is_counted_and_not_recorded_but_failures_are(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, ("ProvisioningLog:MaxPerSecond", "1"));
        var (scim, admin) = (await TestServers.NewTenantAsync(server), await AdminClient.NewAsync(server));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => scim.GetAsync("/Users")));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => scim.GetAsync("/Users/none")));
        await CountedAsync(scim, 25);

        var rows = (await admin.GetAsync($"/tenants/{scim.Tenant.Id}/requests")).Expect(200).Object["requests"]!.AsArray();
        var activity = JsonNode.Parse((await admin.GetAsync("/overview")).Expect(200).Text)!.AsArray().Single(one => (int)one!["tenantId"]! == scim.Tenant.Id)!;
        Assert.Equal((25, 5), ((int)activity["requests"]!, (int)activity["failures"]!));
        Assert.True((int)activity["unrecorded"]! > 0, "Nothing was let go.");
        Assert.Equal(25 - (int)activity["unrecorded"]!, rows.Count);
        Assert.Equal(5, rows.Count(row => (bool)row!["failed"]!));
    }

    [SkippableTheory, EachDatabase]
    public async Task What_is_old_is_deleted_and_of_refused_requests_the_newest_are_kept(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database);
        var scim = await TestServers.NewTenantAsync(server);
        var retention = server.Services.GetRequiredService<ProvisioningLogRetention>();
        (await scim.GetAsync("/Users")).Expect(200);
        for (var i = 0; i < 5; i++)
        {
            (await scim.WithToken("wrong-but-long-enough").GetAsync("/Users")).Expect(401);
        }

        await CountedAsync(scim, 1);
        await using var context = server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        for (var attempt = 0; context.RefusedRequests.Count() < 5 && attempt < 100; attempt++)
        {
            await Task.Delay(20);
            await FlushAsync(scim);
        }

        var newest = context.RefusedRequests.OrderByDescending(request => request.Txn).Select(request => request.Txn).First();
        Assert.Equal(4, await retention.KeepRefusedAsync(1, default));
        Assert.Equal(newest, context.RefusedRequests.Select(request => request.Txn).Single());

        Assert.Equal(0, await retention.DeleteAsync(DateTimeOffset.UtcNow.AddHours(-1), default));
        Assert.Equal(4, await retention.DeleteAsync(DateTimeOffset.UtcNow.AddHours(1), default));
        Assert.Equal((0, 0, 0), (context.Requests.Count(), context.RequestCounts.Count(), context.RefusedRequests.Count()));
    }

    [SkippableTheory, EachDatabase]
    public async Task Values_are_kept_where_an_option_says_so_but_never_a_password(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, ("ProvisioningLog:KeepValues", "true"));
        var (scim, admin) = (await TestServers.NewTenantAsync(server), await AdminClient.NewAsync(server));
        var answer = await scim.PostAsync("/Users", $$"""{"userName":"{{UserName}}","passwrd":"{{Password}}","password":"{{Password}}","active":"perhaps"}""");
        answer.ExpectError(400, "invalidValue");
        var patched = await scim.PatchAsync($"/Users/{await scim.CreateUserIdAsync()}", $$"""{"op":"add","path":"password","value":"{{Password}}"},{"op":"add","path":"nope","value":"x"}""");
        patched.ExpectError(400, (string?)patched.Object["scimType"]);
        var capitals = await scim.PatchAsync($"/Users/{await scim.CreateUserIdAsync()}", $$"""{"Op":"Add","Path":"password","Value":"{{Password}}"},{"Op":"Add","Path":"nope","Value":"x"}""");
        capitals.ExpectError(400, (string?)capitals.Object["scimType"]);

        var found = await FindAsync(scim, admin, answer);
        Assert.Contains(UserName, found.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, found.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, (await FindAsync(scim, admin, patched)).ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, (await FindAsync(scim, admin, capitals)).ToJsonString(), StringComparison.Ordinal);
    }

    private static string Reference(JsonObject request) => (string)request["reference"]!;

    private static async Task<(ScimClient Scim, AdminClient Admin)> NewAsync(Database database)
    {
        var server = await TestServers.GetAsync(database);
        return (await TestServers.NewTenantAsync(server), await AdminClient.NewAsync(server));
    }

    /// <summary>Waits until so many requests of the tenant are counted: each is noted when its answer has been sent.</summary>
    private static async Task CountedAsync(ScimClient scim, int requests)
    {
        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        for (var attempt = 0; ; attempt++)
        {
            await FlushAsync(scim);
            var counted = context.RequestCounts.Where(count => count.TenantId == scim.Tenant.Id).Sum(count => count.Requests);
            if (counted == requests)
            {
                return;
            }

            Assert.True(attempt < 100, $"{counted} requests are counted.");
            await Task.Delay(20);
        }
    }

    private static Task FlushAsync(ScimClient scim) => scim.Server.Services.GetRequiredService<ProvisioningLogWorker>().FlushAsync(default);

    private static Task<JsonObject> FindAsync(ScimClient scim, AdminClient admin, ScimResponse answer) => FindAsync(scim, admin, answer.Header("X-Correlation-Id")!);

    /// <summary>A request is noted when its answer has been sent, which its client may see before.</summary>
    private static async Task<JsonObject> FindAsync(ScimClient scim, AdminClient admin, string reference)
    {
        for (var attempt = 0; ; attempt++)
        {
            await FlushAsync(scim);
            var found = await admin.GetAsync($"/requests/{reference}");
            if (found.Status == 200 || attempt == 50)
            {
                return found.Expect(200).Object;
            }

            await Task.Delay(20);
        }
    }

    /// <summary>The log of a tenant as it is written.</summary>
    private sealed class Tail(HttpClient http, HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
    {
        private readonly CancellationTokenSource ending = new(TimeSpan.FromSeconds(60));

        public static async Task<Tail> StartAsync(ScimClient scim, AdminClient admin, string query)
        {
            var http = new HttpClient();
            var response = await SendAsync(http, scim, admin, query, "text/event-stream");
            var tail = new Tail(http, response, new StreamReader(await response.Content.ReadAsStreamAsync()));
            Assert.Equal(": begun", await tail.LineAsync());
            return tail;
        }

        public static async Task<HttpResponseMessage> SendAsync(HttpClient http, ScimClient scim, AdminClient admin, string query, string accept)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(scim.Server.Address, $"/admin/tenants/{scim.Tenant.Id}/requests{query}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", admin.Token);
            request.Headers.Accept.ParseAdd(accept);
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }

        /// <summary>The end, whatever comes before it.</summary>
        public async Task EndAsync()
        {
            while (await reader.ReadLineAsync(ending.Token) is not null)
            {
            }
        }

        /// <summary>The next request that comes.</summary>
        public async Task<JsonObject> NextAsync()
        {
            while (true)
            {
                if (await LineAsync() is var line && line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return JsonNode.Parse(line[6..])!.AsObject();
                }
            }
        }

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            response.Dispose();
            http.Dispose();
            ending.Dispose();
            return default;
        }

        private async Task<string> LineAsync() => await reader.ReadLineAsync(ending.Token) ?? throw new InvalidOperationException("The stream has ended.");
    }
}
