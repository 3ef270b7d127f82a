using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Outbound;
using ScimServer.Tests.Events;

namespace ScimServer.Tests.Outbound;

/// <summary>No address that others chose makes the server send to where it should not (EVT-170 to EVT-174).</summary>
public sealed class OutboundClientTests
{
    private static readonly string[] Loopback = ["127.0.0.0/8"];

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.10")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("[::]")]
    [InlineData("[::1]")]
    [InlineData("[fe80::1]")]
    [InlineData("[fc00::1]")]
    [InlineData("[fd12:3456::1]")]
    [InlineData("[ff02::1]")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[3fff::1]")]
    [InlineData("[100::1]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[64:ff9b:1::7f00:1]")]
    [InlineData("[5f00::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:10.0.0.1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[::ffff:0:127.0.0.1]")]
    public async Task Addresses_that_are_not_public_are_refused_before_anything_is_sent_EVT_171(string host)
    {
        using var client = Client(new OutboundOptions { AllowHttp = true });
        Assert.Contains("AllowedNetworks", Assert.Throws<AccessException>(() => OutboundAddress.Read($"https://{host}/", "url", new OutboundOptions())).Message, StringComparison.Ordinal);
        foreach (var scheme in new[] { "http", "https" })
        {
            var answer = await client.SendAsync(Post($"{scheme}://{host}/"), default);
            Assert.Equal(OutboundFault.NotAllowed, answer.Fault);
            Assert.Null(answer.Status);
        }
    }

    [Theory]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://0x7f000001:{0}/")]
    [InlineData("http://0177.0.0.1:{0}/")]
    [InlineData("http://127.1:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://[::ffff:7f00:1]:{0}/")]
    [InlineData("http://[::1%25lo]:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://LOCALHOST:{0}/")]
    [InlineData("http://localhost.:{0}/")]
    [InlineData("http://127.0.0.1.:{0}/")]
    [InlineData("http://example.com@127.0.0.1:{0}/")]
    [InlineData("http://１２７.0.0.1:{0}/")]
    public async Task No_spelling_of_a_local_address_reaches_what_listens_there_EVT_172(string spelling)
    {
        await using var receiver = await Receiver.StartAsync();
        using var client = Client(new OutboundOptions { AllowHttp = true });

        var answer = await client.SendAsync(Post(string.Format(System.Globalization.CultureInfo.InvariantCulture, spelling, receiver.Address.Port)), default);

        Assert.Contains(answer.Fault, new[] { OutboundFault.NotAllowed, OutboundFault.NoConnection });
        Assert.Empty(receiver.Requests);
    }

    /// <summary>EVT-171, EVT-172: who adds an address in numbers learns at once that nothing would be sent there; of a name nobody knows yet.</summary>
    [Theory]
    [InlineData("https://2130706433/", false)]
    [InlineData("https://0x7f.1/", false)]
    [InlineData("https://[::ffff:7f00:1]/", false)]
    [InlineData("https://10.20.0.1/", true)]
    [InlineData("https://[::ffff:10.20.0.1]/", true)]
    [InlineData("https://10.21.0.1/", false)]
    [InlineData("https://8.8.8.8/", true)]
    [InlineData("https://[2606:4700::1111]/", true)]
    [InlineData("https://internal.example/", true)]
    public void An_address_in_numbers_is_refused_when_it_is_given_unless_its_network_is_allowed(string url, bool isTaken)
    {
        var options = new OutboundOptions { AllowedNetworks = ["10.20.0.0/16"] };
        if (isTaken)
        {
            Assert.Equal(new Uri(url), OutboundAddress.Read(url, "url", options));
        }
        else
        {
            Assert.Equal("url", Assert.Throws<AccessException>(() => OutboundAddress.Read(url, "url", options)).Field);
        }
    }

    [Fact]
    public async Task The_operator_can_allow_a_network_and_nothing_beside_it()
    {
        await using var receiver = await Receiver.StartAsync();
        using var client = Client(new OutboundOptions { AllowHttp = true, AllowedNetworks = ["127.0.0.1/32"] });

        Assert.Equal(204, (await client.SendAsync(Post(receiver.Address.ToString()), default)).Status);
        Assert.Equal(OutboundFault.NotAllowed, (await client.SendAsync(Post($"http://127.0.0.2:{receiver.Address.Port}/"), default)).Fault);
        Assert.Equal(OutboundFault.NotAllowed, (await client.SendAsync(Post($"http://[::1]:{receiver.Address.Port}/"), default)).Fault);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task Plain_HTTP_is_refused_unless_it_is_allowed()
    {
        await using var receiver = await Receiver.StartAsync();
        using var client = Client(new OutboundOptions { AllowedNetworks = Loopback });

        Assert.Equal(OutboundFault.NotAllowed, (await client.SendAsync(Post(receiver.Address.ToString()), default)).Fault);
        Assert.Empty(receiver.Requests);
    }

    /// <summary>EVT-173, EVT-87.</summary>
    [Fact]
    public async Task Redirects_are_not_followed_cookies_not_kept_and_proxies_of_the_environment_not_asked()
    {
        await using var receiver = await Receiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "/elsewhere";
            context.Response.Headers.SetCookie = "a=b";
            return Task.CompletedTask;
        });
        using var client = Client();

        var first = await client.SendAsync(Post(receiver.Address.ToString()), default);
        await client.SendAsync(Post(receiver.Address.ToString()), default);

        Assert.Equal(307, first.Status);
        Assert.False(first.IsSuccess);
        Assert.Equal("redirects are not followed", first.Error);
        Assert.Equal(["/", "/"], receiver.Requests.Select(request => request.Path));
        Assert.All(receiver.Requests, request => Assert.False(request.Headers.ContainsKey("Cookie") || request.Headers.ContainsKey("X-Forwarded-For")));
    }

    [Fact]
    public async Task An_answer_of_ten_megabytes_is_read_to_the_bound_only()
    {
        await using var receiver = await Receiver.StartAsync(async (context, _) =>
        {
            var block = new byte[64 * 1024];
            for (var i = 0; i < 160; i++)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        });
        using var client = Client();

        var answer = await client.SendAsync(Post(receiver.Address.ToString()), default);

        Assert.Equal(200, answer.Status);
        Assert.Equal(16 * 1024, answer.Body.Length);
    }

    [Fact]
    public async Task Who_never_answers_or_drips_is_cut_off_in_time()
    {
        await using var silent = await Receiver.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var dripping = await Receiver.StartAsync(async (context, _) =>
        {
            while (true)
            {
                await context.Response.WriteAsync(".", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(50, context.RequestAborted);
            }
        });
        using var client = Client(new OutboundOptions { AllowHttp = true, AllowedNetworks = Loopback, TimeoutSeconds = 1 });
        var started = Stopwatch.GetTimestamp();

        var answers = await Task.WhenAll(client.SendAsync(Post(silent.Address.ToString()), default), client.SendAsync(Post(dripping.Address.ToString()), default));

        Assert.All(answers, answer => Assert.Equal(OutboundFault.TimedOut, answer.Fault));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task What_is_refused_unknown_or_no_HTTP_is_told_without_telling_which_port_is_open()
    {
        using var client = Client();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var talking = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync();
            await socket.SendAsync(Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH\r\n\r\n"));
        });
        var noHttp = await client.SendAsync(Post($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"), default);
        await talking;
        listener.Stop();

        Assert.Equal(OutboundFault.Broken, noHttp.Fault);
        var refused = await client.SendAsync(Post("http://127.0.0.1:9/"), default);
        var unknown = await client.SendAsync(Post("http://no-such-host.invalid/"), default);
        Assert.Equal("no connection", refused.Error);
        Assert.Equal(refused.Error, unknown.Error);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Wed, 01 Jan 2020 00:00:00 GMT", null)]
    [InlineData("-1", null)]
    [InlineData("soon", null)]
    public async Task Retry_After_is_read(string value, int? seconds)
    {
        await using var receiver = await Receiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = value;
            return Task.CompletedTask;
        });
        using var client = Client();

        var answer = await client.SendAsync(Post(receiver.Address.ToString()), default);

        Assert.Equal(429, answer.Status);
        Assert.Equal(seconds, (int?)answer.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hook")]
    [InlineData("/hook")]
    [InlineData("http://example.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("https://example.com/#part")]
    [InlineData("https://exa\nmple.com/")]
    [InlineData("https://")]
    public void What_can_be_no_address_is_refused_when_it_is_registered(string text)
    {
        var refusal = Assert.Throws<AccessException>(() => OutboundAddress.Read(text, "url", new OutboundOptions()));
        Assert.Equal("url", refusal.Field);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    private static OutboundClient Client(OutboundOptions? options = null) =>
        new(Options.Create(options ?? new OutboundOptions { AllowHttp = true, AllowedNetworks = Loopback }), TimeProvider.System);

    private static HttpRequestMessage Post(string address) => new(HttpMethod.Post, address) { Content = new StringContent("{}") };
}
