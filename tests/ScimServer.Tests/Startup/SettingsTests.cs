namespace ScimServer.Tests.Startup;

public class SettingsTests
{
    [Theory]
    [InlineData("Database__Provider", "Oracle", "Database:Provider must be Sqlite or PostgreSql, not \"Oracle\".")]
    [InlineData("Database__Provider", "PostgreSql", "cannot be read")]
    [InlineData("Database__MigrateOnStart", "maybe", "Database:MigrateOnStart must be true or false, not \"maybe\".")]
    [InlineData("ConnectionStrings__ScimServer", "Host=localhost;Username=scim", "If it is meant for PostgreSql, set Database:Provider=PostgreSql.")]
    [InlineData("Scim__PublicBaseUrl", "scim.example.com", "Scim:PublicBaseUrl must be an absolute http or https URL")]
    [InlineData("Scim__BootstrapToken", "short", "Scim:BootstrapToken must have 16 to 512 printable ASCII characters")]
    [InlineData("Scim__Limits__MaxPageSize", "many", "Scim:Limits:MaxPageSize")]
    [InlineData("Scim__Dialects__Disabled__0", "Telepathy", "There is no dialect rule \"Telepathy\".")]
    [InlineData("Scim__Schemas__Enabled__0", "Printers", "There is no schema set \"Printers\". The sets are Device, EndpointApp, OktaEntitlements, OktaRoles.")]
    [InlineData("ForwardedHeaders__KnownProxies__0", "proxy.internal", "ForwardedHeaders:KnownProxies must hold IP addresses, not \"proxy.internal\".")]
    [InlineData("ForwardedHeaders__KnownNetworks__0", "10.0.0.0/99", "ForwardedHeaders:KnownNetworks must hold networks such as 10.0.0.0/8")]
    [InlineData("Secrets__Folder", "/nowhere/at/all", "Secrets:Folder is /nowhere/at/all, which is no folder.")]
    [InlineData("ForwardedHeaders__ForwardLimit", "0", "ForwardedHeaders:ForwardLimit must be at least 1, not 0.")]
    [InlineData("Scim__Limits__MaxPageSize", "0", "Scim:Limits:MaxPageSize must be at least 1, not 0.")]
    [InlineData("Outbound__AllowedNetworks__0", "10.0.0.0/99", "Outbound:AllowedNetworks must be networks such as 10.20.0.0/16, not \"10.0.0.0/99\".")]
    [InlineData("Connections__BodyGraceSeconds", "1", "Connections:BodyGraceSeconds must be 2 to 3600, not 1.")]
    [InlineData("Shutdown__TimeoutSeconds", "-1", "Shutdown:TimeoutSeconds must be 0 to 3600, not -1.")]
    [InlineData("Access__LastUseEverySeconds", "0", "Access:LastUseEverySeconds must be 1 to 3600, not 0.")]
    [InlineData("Jwt__Issuers__0__Issuer", "https://idp.example.com", "Jwt:Issuers:0: Name, Issuer and Audience must be set.")]
    [InlineData("Jwt__Issuers__0__JwksUri", "http://idp.example.com/keys", "must come from an absolute https URL")]
    [InlineData("Jwt__Issuers__0__Scopes", "scim:read", "Scopes needs Subjects")]
    [InlineData("Jwt__Issuers__0__TenantClaim", "org", "Tenants belongs to TenantClaim")]
    [InlineData("Jwt__Issuers__0__Scopes", "admin", "A JWT cannot give \"admin\"")]
    [InlineData("Observability__LogFormat", "Xml", "Observability:LogFormat must be Text or Json, not \"Xml\".")]
    [InlineData("Serilog__MinimumLevel__Default", "Verbosee", "The section Serilog: The value Verbosee is not a valid Serilog level.")]
    [InlineData("Serilog__MinimumLevel__Override__System", "Verbosee", "The section Serilog: ")]
    [InlineData("ASPNETCORE_URLS", "nonsense", "ASPNETCORE_URLS (or --urls, or Kestrel:Endpoints) holds no address: Invalid url: 'nonsense'.")]
    [InlineData("ASPNETCORE_URLS", "http://192.0.2.1:5999", "It cannot listen on the address that ASPNETCORE_URLS (or --urls, or Kestrel:Endpoints) gives: ")]
    [InlineData("Kestrel__Certificates__Default__Path", "/nowhere/server.pfx", "'/nowhere/server.pfx'")]
    [InlineData("Kestrel__Certificates__Default__Path", "/nowhere.pfx", "'/nowhere.pfx'")]
    public async Task A_setting_that_makes_no_sense_ends_the_start_with_a_sentence_that_names_it(string name, string value, string expected)
    {
        using var folder = new ProcessFolder();
        var (exitCode, output, errors) = await ServerProcess.RunAsync(folder, ["--Logging:None=true"], (name, value));

        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter 'options')", errors, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task A_file_of_settings_that_is_no_JSON_is_named()
    {
        using var folder = new ProcessFolder();
        var file = Path.Combine(folder.Path, "appsettings.json");
        File.WriteAllText(file, "{ \"Scim\": ");
        var (exitCode, output, errors) = await ServerProcess.RunAsync(folder, []);

        Assert.StartsWith($"ScimServer cannot start: Failed to load configuration from file '{file}'.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task Settings_of_two_sections_that_make_no_sense_are_both_named()
    {
        using var folder = new ProcessFolder();
        var (exitCode, output, errors) = await ServerProcess.RunAsync(folder, [], ("Access__LastUseEverySeconds", "0"), ("ForwardedHeaders__KnownProxies__0", "proxy.internal"));

        Assert.Contains("Access:LastUseEverySeconds must be 1 to 3600, not 0.", errors, StringComparison.Ordinal);
        Assert.Contains("ForwardedHeaders:KnownProxies must hold IP addresses, not \"proxy.internal\".", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }
}
