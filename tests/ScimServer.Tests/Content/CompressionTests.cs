using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Content;

/// <summary>Compressed bodies in both directions (RFC 9110 §8.4, §12.5.3).</summary>
public sealed class CompressionTests
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.None });

    [SkippableTheory]
    [EachDatabase("gzip")]
    [EachDatabase("x-gzip")]
    [EachDatabase("GZIP")]
    [EachDatabase("deflate")]
    [EachDatabase("br")]
    [EachDatabase("identity")]
    public async Task A_compressed_body_is_read(Database database, string coding)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var created = (await SendAsync(scim, "POST", "/Users", Compress(coding, """{"userName":"a"}"""u8.ToArray()), coding)).Expect(201).Object;
        var patch = Encoding.UTF8.GetBytes($$"""{"schemas":["{{ScimClient.PatchOp}}"],"Operations":[{"op":"add","path":"title","value":"T"}]}""");
        Assert.Equal("T", (string?)(await SendAsync(scim, "PATCH", $"/Users/{created["id"]}", Compress(coding, patch), coding)).Expect(200).Object["title"]);
        Assert.Single((await SendAsync(scim, "POST", "/Users/.search", Compress(coding, "{}"u8.ToArray()), coding)).Expect(200).Resources);
    }

    [SkippableTheory]
    [EachDatabase("compress")]
    [EachDatabase("zstd")]
    [EachDatabase("gzip, gzip")]
    [EachDatabase("gzip, br")]
    [EachDatabase("x")]
    public async Task An_unknown_encoding_is_415_and_told_which_there_are(Database database, string coding)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var answer = await SendAsync(scim, "POST", "/Users", """{"userName":"a"}"""u8.ToArray(), coding);

        answer.ExpectError(415);
        Assert.Equal("gzip, deflate, br", answer.Header("Accept-Encoding"));
    }

    [SkippableTheory]
    [EachDatabase("gzip")]
    [EachDatabase("deflate")]
    [EachDatabase("br")]
    public async Task A_body_that_is_not_what_its_encoding_says_is_400_and_stores_nothing(Database database, string coding)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var whole = Compress(coding, Encoding.UTF8.GetBytes($$"""{"userName":"a","title":"{{Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(3000))}}"}"""));
        byte[] damaged = [.. whole];
        damaged[whole.Length / 2] ^= 0xff;
        damaged[(whole.Length / 2) + 1] ^= 0xff;

        // Brotli has no checksum.
        foreach (var body in new[] { """{"userName":"a"}"""u8.ToArray(), whole[..(whole.Length / 2)], whole[..1], coding == "br" ? [] : damaged, [], new byte[500] })
        {
            (await SendAsync(scim, "POST", "/Users", body, coding)).ExpectError(400, "invalidSyntax");
        }

        Assert.Equal(0, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase("gzip")]
    [EachDatabase("deflate")]
    [EachDatabase("br")]
    public async Task A_small_body_that_becomes_a_large_one_is_413_when_the_bound_is_reached(Database database, string coding)
    {
        var scim = await SmallServer.NewTenantAsync(database);
        var bomb = Compress(coding, Encoding.UTF8.GetBytes($$"""{"userName":"a","title":"{{new string('t', 50_000_000)}}"}"""));
        Assert.True(bomb.Length < 60_000);

        Assert.Contains($"{SmallServer.MaxBodyBytes} bytes", (await SendAsync(scim, "POST", "/Users", bomb, coding)).ExpectError(413), StringComparison.Ordinal);
        (await SendAsync(scim, "POST", "/Users", Compress(coding, Encoding.UTF8.GetBytes($$"""{"userName":"a","title":"{{new string('t', SmallServer.MaxBodyBytes - 100)}}"}""")), coding)).Expect(201);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_4_maxPayloadSize_counts_what_comes_out(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var limits = (await scim.GetAsync("/ServiceProviderConfig")).Object["bulk"]!;
        var filler = new string(' ', (int)limits["maxPayloadSize"]!);

        const string bulk = """{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"a"}}]}""";
        (await SendAsync(scim, "POST", "/Bulk", Compress("gzip", Encoding.UTF8.GetBytes(bulk)), "gzip")).Expect(200);
        Assert.Contains("maxPayloadSize", (await SendAsync(scim, "POST", "/Bulk", Compress("gzip", Encoding.UTF8.GetBytes(bulk + filler)), "gzip")).ExpectError(413), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase("gzip", "gzip")]
    [EachDatabase("br", "br")]
    [EachDatabase("gzip, br", "br")]
    [EachDatabase("br;q=0.1, gzip", "gzip")]
    [EachDatabase("*", "br")]
    [EachDatabase("identity", null)]
    [EachDatabase("gzip;q=0", null)]
    [EachDatabase("zstd", null)]
    public async Task Answers_are_compressed_for_who_asks(Database database, string accepted, string? coding)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync("a");
        await scim.CreateGroupAsync("g", await scim.CreateUserIdsAsync(30));

        foreach (var (path, status) in new[] { ("/Users", 200), ($"/Users/{user["id"]}", 200), ("/Groups?count=1", 200), ("/Schemas", 200), ("/Users/none", 404) })
        {
            using var answer = await GetAsync(scim, HttpMethod.Get, path, accepted);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal(coding is null ? [] : [coding], answer.Content.Headers.ContentEncoding);
            Assert.Contains("Accept-Encoding", answer.Headers.Vary);
            var text = Decompress(coding, await answer.Content.ReadAsByteArrayAsync());
            var plain = await scim.GetAsync(path);
            Assert.Equal(plain.TextWithoutReference, text.Replace($" (ref {answer.Headers.GetValues("X-Correlation-Id").Single()})", "", StringComparison.Ordinal));
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_version_is_the_same_compressed_or_not(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var path = $"/Users/{await scim.CreateUserIdAsync()}";

        using var get = await GetAsync(scim, HttpMethod.Get, path, "gzip");
        using var head = await GetAsync(scim, HttpMethod.Head, path, "gzip");
        using var same = await GetAsync(scim, HttpMethod.Get, path, "gzip", "W/\"1\"");

        Assert.Equal("W/\"1\"", get.Headers.ETag!.ToString());
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Headers.Vary, head.Headers.Vary);
        Assert.Equal(get.Content.Headers.ContentEncoding, head.Content.Headers.ContentEncoding);
        Assert.Equal(304, (int)same.StatusCode);
        Assert.Equal(get.Headers.ETag, same.Headers.ETag);
        Assert.Equal(get.Headers.Vary, same.Headers.Vary);
        Assert.Empty(await same.Content.ReadAsByteArrayAsync());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Compression_can_be_switched_off(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database, ("Scim:CompressResponses", "false"));
        var scim = await TestServers.NewTenantAsync(server);

        using var answer = await GetAsync(scim, HttpMethod.Get, "/Users", "gzip");

        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.DoesNotContain("Accept-Encoding", answer.Headers.Vary);
    }

    private static byte[] Compress(string coding, byte[] body)
    {
        using var buffer = new MemoryStream();
        using (Stream stream = coding.ToUpperInvariant() switch
        {
            "DEFLATE" => new ZLibStream(buffer, CompressionLevel.Optimal, leaveOpen: true),
            "BR" => new BrotliStream(buffer, CompressionLevel.Optimal, leaveOpen: true),
            "IDENTITY" => new BufferedStream(new MemoryStream()),
            _ => new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true),
        })
        {
            stream.Write(body);
        }

        return coding == "identity" ? body : buffer.ToArray();
    }

    private static string Decompress(string? coding, byte[] body)
    {
        using var buffer = new MemoryStream(body);
        using Stream stream = coding switch
        {
            "gzip" => new GZipStream(buffer, CompressionMode.Decompress),
            "br" => new BrotliStream(buffer, CompressionMode.Decompress),
            _ => buffer,
        };
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static async Task<ScimResponse> SendAsync(ScimClient scim, string method, string path, byte[] body, string coding)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), scim.BaseUrl + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scim.Token);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", ScimClient.MediaType);
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await scim.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> GetAsync(ScimClient scim, HttpMethod method, string path, string accepted, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(method, scim.BaseUrl + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scim.Token);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await Http.SendAsync(request);
    }
}
