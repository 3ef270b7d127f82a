using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Health;

public class HealthTests
{
    private static readonly HttpClient Http = new();

    [SkippableTheory]
    [EachDatabase("/health/live")]
    [EachDatabase("/health/ready")]
    public async Task A_prepared_server_is_alive_and_ready_for_everyone(Database database, string path)
    {
        var server = await TestServers.GetAsync(database);
        using var response = await Http.GetAsync(new Uri(server.Address, path));
        var answer = await ScimResponse.ReadAsync(response);

        Assert.Equal("""{"status":"ok"}""", answer.Expect(200).Text);
        Assert.Equal("application/json", answer.ContentType);
    }
}
