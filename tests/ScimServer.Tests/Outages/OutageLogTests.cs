using System.Text.RegularExpressions;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.Startup;

namespace ScimServer.Tests.Outages;

/// <summary>What an operator finds in the log after an outage.</summary>
public sealed partial class OutageLogTests
{
    [SkippableFact]
    public async Task An_outage_is_a_line_for_each_request_and_one_that_says_why()
    {
        const int requests = 30;
        await using var line = await DatabaseLine.NewAsync();
        using var folder = new ProcessFolder();
        (string, string)[] settings = [("Database__Provider", "PostgreSql"), ("ConnectionStrings__ScimServer", line.ConnectionString), ("Database__RowLevelSecurity", PreparedDatabase.IsWalled ? "true" : "false")];
        await using var server = await ServerProcess.StartAsync(folder, settings);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + server.Token);
        var before = server.Output.Split('\n').Length;

        line.Cut();
        for (var i = 0; i < requests; i++)
        {
            using var answer = await http.GetAsync(server.BaseUrl + "/Users");
            using var ready = await http.GetAsync(new Uri(server.Address, "/health/ready"));
            await Task.Delay(100);
        }

        await server.WaitForAsync(() => Requests().Count(server.Output) >= requests, "the last line");
        var lines = server.Output.Split('\n')[before..];
        Assert.Single(lines, text => text.Contains("WRN The database cannot be worked with at the moment", StringComparison.Ordinal));
        Assert.Equal(requests, lines.Count(text => Requests().IsMatch(text)));
        Assert.True(lines.All(text => Requests().IsMatch(text) || text.Contains("WRN The database", StringComparison.Ordinal) || text.Contains("Health check database", StringComparison.Ordinal)), string.Join('\n', lines));
    }

    [GeneratedRegex("WRN GET /scim/v2/Users 503 in ")]
    private static partial Regex Requests();
}
