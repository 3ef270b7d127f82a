using System.Net;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Swagger;

public sealed class SwaggerPageTests
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    [Theory]
    [InlineData("/swagger")]
    [InlineData("/swagger/")]
    [InlineData("/SWAGGER?x=/")]
    public async Task The_short_address_leads_to_the_page(string path)
    {
        var server = await TestServers.GetAsync(Database.Sqlite);
        var address = new Uri(server.Address, path);

        using var redirect = await Http.GetAsync(address);
        Assert.Equal(HttpStatusCode.Found, redirect.StatusCode);
        using var page = await Http.GetAsync(new Uri(address, redirect.Headers.Location!));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_page_may_use_this_server_alone()
    {
        var server = await TestServers.GetAsync(Database.Sqlite);

        using var page = await Http.GetAsync(new Uri(server.Address, "/swagger/index.html"));

        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Answers_of_the_protocol_have_no_policy_of_the_page()
    {
        var client = await TestServers.NewTenantAsync(Database.Sqlite);

        Assert.Null((await client.GetAsync("/Users")).Header("Content-Security-Policy"));
    }

    [Theory]
    [InlineData("/swagger")]
    [InlineData("/swagger/index.html")]
    [InlineData(SwaggerDocument.Path)]
    public async Task Switched_off_nothing_of_it_is_served(string path)
    {
        await using var server = await ScimServerFactory.StartAsync(Database.Sqlite, ("Swagger:Enabled", "false"));

        using var response = await Http.GetAsync(new Uri(server.Address, path));

        Assert.Equal("application/scim+json", response.Content.Headers.ContentType?.MediaType);
        Assert.False(response.IsSuccessStatusCode);
    }
}
