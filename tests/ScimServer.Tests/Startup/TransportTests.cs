using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using ScimServer.Startup;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Startup;

/// <summary>TLS that the server itself ends, and secrets as files.</summary>
public sealed class TransportTests
{
    private const string Token = "a-token-out-of-a-file-0123456789";

    [Fact]
    public async Task With_a_certificate_it_serves_HTTPS_and_tells_browsers_to_come_over_nothing_else()
    {
        using var folder = new ProcessFolder();
        var pfx = Path.Combine(folder.Path, "server.pfx");
        File.WriteAllBytes(pfx, Certificate());
        await using var server = await ServerProcess.StartAsync(
            folder,
            ("ASPNETCORE_URLS", "https://127.0.0.1:0"),
            ("Kestrel__Certificates__Default__Path", pfx),
            ("Kestrel__Certificates__Default__Password", "x"),
            ("Scim__BootstrapToken", Token));
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var http = new HttpClient(handler);

        Assert.Equal("https", server.Address.Scheme);
        using var answer = await SendAsync(http, server.Address, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task Health_finds_a_server_that_ends_TLS_itself_by_its_settings_whatever_its_certificate_is_for()
    {
        using var folder = new ProcessFolder();
        var secrets = Directory.CreateDirectory(Path.Combine(folder.Path, "secrets")).FullName;
        File.WriteAllBytes(Path.Combine(folder.Path, "server.pfx"), Certificate());
        File.WriteAllText(Path.Combine(secrets, "Kestrel__Endpoints__Https__Url"), $"https://*:{PostgreSqlServer.FreePort()}");
        (string, string)[] settings =
        [
            ("Secrets__Folder", secrets),
            ("Kestrel__Certificates__Default__Path", Path.Combine(folder.Path, "server.pfx")),
            ("Kestrel__Certificates__Default__Password", "x"),
        ];
        await using var server = await ServerProcess.StartAsync(folder, settings);

        Assert.Equal((0, """{"status":"ok"}""", ""), await ServerProcess.RunAsync(folder, ["health"], settings));
    }

    [Theory]
    [InlineData("http://localhost:5000")]
    [InlineData("http://localhost:8080", "http_ports=8080")]
    [InlineData("https://localhost:8443", "https_ports=8443;9443")]
    [InlineData("http://localhost:8080", "https_ports=8443", "http_ports=8080")]
    [InlineData("http://127.0.0.1:5080", "http_ports=8080", "urls=https://*:8443;http://127.0.0.1:5080/")]
    [InlineData("https://localhost:8443", "urls=https://[::]:8443")]
    [InlineData("https://localhost:9443", "urls=http://*:8080", "Kestrel:Endpoints:Https:Url=https://*:9443")]
    public void The_address_is_the_one_that_the_settings_make_the_server_listen_on(string expected, params string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => setting.Split('=')).ToDictionary(pair => pair[0], pair => (string?)pair[1])).Build();
        Assert.Equal(expected, ListeningAddress.Of(configuration));
    }

    [Fact]
    public async Task Settings_are_read_from_files_by_server_and_commands_and_the_environment_wins()
    {
        using var folder = new ProcessFolder();
        var secrets = Directory.CreateDirectory(Path.Combine(folder.Path, "secrets")).FullName;
        File.WriteAllText(Path.Combine(secrets, "Scim__BootstrapToken"), Token + "\n");
        File.WriteAllText(Path.Combine(secrets, "ConnectionStrings__ScimServer"), "Data Source=/nowhere/at/all/scim.db");
        File.WriteAllText(Path.Combine(secrets, "Scim__Schemas__Enabled__0"), "OktaRoles");
        await using var server = await ServerProcess.StartAsync(folder, ("Secrets__Folder", secrets));
        using var http = new HttpClient();

        using var answer = await SendAsync(http, server.Address, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("/Roles", await http.GetStringAsync(new Uri(server.Address, "/scim/v2/ResourceTypes")), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, server.Output + server.Errors, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(secrets, "Database__Provider"), "Oracle");
        var (exitCode, _, errors) = await ServerProcess.RunAsync(folder, ["tokens", "list"], ("Secrets__Folder", secrets));
        Assert.Equal((1, "Error: Database:Provider must be Sqlite or PostgreSql, not \"Oracle\"."), (exitCode, errors));
    }

    [Fact]
    public async Task A_command_says_which_setting_makes_no_sense()
    {
        using var folder = new ProcessFolder();
        await using (await ServerProcess.StartAsync(folder))
        {
        }

        var (exitCode, _, errors) = await ServerProcess.RunAsync(folder, ["tokens", "list"], ("Scim__Schemas__Enabled__0", "Printers"));
        Assert.Equal(1, exitCode);
        Assert.StartsWith("Error: There is no schema set \"Printers\".", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, Uri server, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, "/scim/v2/Users"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        // None is told so about localhost.
        request.Headers.Host = "scim.example.com";
        return await http.SendAsync(request);
    }

    private static byte[] Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=scim.example.com", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.Export(X509ContentType.Pfx, "x");
    }
}
