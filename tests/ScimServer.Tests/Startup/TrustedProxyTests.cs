using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Startup;

public class TrustedProxyTests
{
    private static readonly (string, string)[] Forwarded = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "scim.example.com")];

    [Fact]
    public async Task Without_configured_proxies_forwarded_headers_are_ignored()
    {
        var scim = await TestServers.NewTenantAsync(Database.Sqlite);
        Assert.StartsWith(scim.BaseUrl, await LocationAsync(scim), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ForwardedHeaders:KnownProxies:0", "127.0.0.1")]
    [InlineData("ForwardedHeaders:KnownNetworks:0", "127.0.0.0/8")]
    public async Task A_configured_proxy_is_believed(string setting, string value)
    {
        await using var server = await ScimServerFactory.StartAsync(Database.Sqlite, (setting, value));
        Assert.StartsWith("https://scim.example.com/scim/v2/Users/", await LocationAsync(await TestServers.NewTenantAsync(server)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_proxy_is_not_believed()
    {
        await using var server = await ScimServerFactory.StartAsync(Database.Sqlite, ("ForwardedHeaders:KnownProxies:0", "10.1.2.3"));
        var scim = await TestServers.NewTenantAsync(server);
        Assert.StartsWith(scim.BaseUrl, await LocationAsync(scim), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_names_the_web_server()
    {
        var scim = await TestServers.NewTenantAsync(Database.Sqlite);
        Assert.Null((await scim.GetAsync("/Users")).Header("Server"));
    }

    private static async Task<string> LocationAsync(ScimClient scim)
    {
        var created = await scim.PostAsync("/Users", $$"""{"schemas":["{{ScimClient.User}}"],"userName":"{{Guid.NewGuid()}}"}""", Forwarded);
        return created.Expect(201).Location!;
    }
}
