using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Observability;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Observability;

/// <summary>Traces and metrics over OTLP.</summary>
public sealed class TelemetryTests
{
    [SkippableTheory, EachDatabase]
    public async Task Requests_are_counted_and_traced_by_tenant_and_operation_and_nothing_personal_is_sent(Database database)
    {
        await using var collector = await Collector.StartAsync();
        string token, tenant;
        await using (var server = await ScimServerFactory.StartAsync(
            database,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100")))
        {
            var scim = await TestServers.NewTenantAsync(server);
            (token, tenant) = (scim.Token!, scim.Tenant.Name);
            var id = await scim.CreateUserIdAsync("ada.lovelace@example.com", """ "externalId":"ada-4711","title":"countess" """);
            (await scim.GetAsync($"/Users/{id}")).Expect(200);
            (await scim.FindAsync("/Users", "userName eq \"ada.lovelace@example.com\"")).Expect(200);
            (await scim.PostAsync("/Users", $$"""{"schemas":["{{ScimClient.User}}"],"userName":"ada.lovelace@example.com"}""")).ExpectError(409, "uniqueness");
            (await scim.GetAsync("/Users/ada.lovelace@example.com")).ExpectError(404);
            (await scim.WithToken("scim_wrong").GetAsync("/Users")).ExpectError(401);
            await collector.WaitForAsync("/v1/traces", "GET scim/v2/Users/{id}");
            await collector.WaitForAsync("/v1/metrics", tenant);
            await collector.WaitForAsync("/v1/metrics", "refused");
            await collector.WaitForAsync("/v1/metrics", "GET /scim/v2/Users/{id}");
        }

        string[] metrics = ["scim.server.requests", "scim.server.tenant.duration", "scim.tenant", "GET /scim/v2/Users/{id}", "http.server.request.duration", "dotnet.gc.collections", "scim.store.token_uses.waiting", "scim.provisioning.waiting"];
        Assert.All(metrics, name => Assert.Contains(name, collector.Received("/v1/metrics"), StringComparison.Ordinal));
        if (database == Database.PostgreSql)
        {
            Assert.Contains("db.client", collector.Received("/v1/metrics"), StringComparison.Ordinal);
            Assert.Contains("postgresql", collector.Received("/v1/traces"), StringComparison.Ordinal);
        }

        var all = collector.Received("/v1/traces") + collector.Received("/v1/metrics");
        Assert.All((string[])["lovelace", "ada-4711", "countess", "127.0.0.1:0", token, "scim_wrong"], secret => Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Where_nothing_is_configured_nothing_is_measured()
    {
        var server = await TestServers.GetAsync(Database.Sqlite);
        Assert.Null(server.Services.GetService<RequestMetrics>());
        Assert.Null(server.Services.GetService<MeterProvider>());
        Assert.Null(server.Services.GetService<TracerProvider>());
    }

    [Fact]
    public void The_number_of_series_has_a_bound()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new RequestMetrics(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        var labels = Enumerable.Range(1, RequestMetrics.MaxTenants + 100).Select(id => metrics.Label(Of(id))).ToList();
        Assert.Equal(RequestMetrics.MaxTenants + 1, labels.Distinct().Count());
        Assert.Equal(("t1", "_none"), (metrics.Label(Of(1)), metrics.Label(new TenantContext(TimeProvider.System))));
    }

    private static TenantContext Of(int tenant)
    {
        var context = new TenantContext(TimeProvider.System);
        context.Accept(new AuthenticatedToken(tenant, $"t{tenant}", Guid.Empty, "x"));
        return context;
    }

    /// <summary>Receives OTLP. What it holds is looked for as text: names and values are in it as they are.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, string Body)> received = new();

        public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var collector = new Collector(builder.Build());
            await collector.RunAsync();
            return collector;
        }

        public string Received(string path) => string.Concat(received.Where(entry => entry.Path == path).Select(entry => entry.Body));

        public async Task WaitForAsync(string path, string text)
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!Received(path).Contains(text, StringComparison.Ordinal))
            {
                await Task.Delay(50, stop.Token);
            }
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task RunAsync()
        {
            app.MapPost("/{**path}", async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                received.Enqueue((context.Request.Path.Value!, Encoding.Latin1.GetString(body.ToArray())));
            });
            await app.StartAsync();
        }
    }
}
