using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ScimServer.Tests.Infrastructure;

/// <summary>The server on real Kestrel and a database of its own.</summary>
internal sealed class ScimServerFactory : WebApplicationFactory<Program>
{
    private readonly IReadOnlyDictionary<string, string?> settings;

    private readonly Action<IServiceCollection> services;

    private ScimServerFactory(IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection> services)
    {
        this.settings = settings;
        this.services = services;
        UseKestrel(0);
    }

    /// <summary>Starts a server on an empty database; further settings as in the configuration (<c>Scim:PublicBaseUrl</c>).</summary>
    public static Task<ScimServerFactory> StartAsync(Database database, params (string Key, string? Value)[] settings) =>
        StartAsync(database, TimeProvider.System, settings);

    /// <summary>The same with a clock of the test's.</summary>
    public static Task<ScimServerFactory> StartAsync(Database database, TimeProvider time, params (string Key, string? Value)[] settings) =>
        StartAsync(database, services => services.Replace(ServiceDescriptor.Singleton(time)), settings);

    /// <summary>The same with other services than the server has by itself.</summary>
    public static async Task<ScimServerFactory> StartAsync(Database database, Action<IServiceCollection> services, params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Database:Provider"] = database.ToString(),
            ["ConnectionStrings:ScimServer"] = database == Database.Sqlite ? SqliteFile() : await PreparedDatabase.CreateAsync(),

            // Tests of refused tokens share an address.
            ["Access:FailuresPerMinute"] = "0",
            ["Database:RowLevelSecurity"] = database == Database.PostgreSql && PreparedDatabase.IsWalled ? "true" : null,
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var factory = new ScimServerFactory(all, services);
        TestRun.StopLater(factory);
        factory.StartServer();
        return factory;
    }

    /// <summary>Where the server listens.</summary>
    public Uri Address => ClientOptions.BaseAddress;

    /// <inheritdoc/>
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        builder.ConfigureServices(services);
        foreach (var (key, value) in RunLog.Settings.Concat(settings))
        {
            builder.UseSetting(key, value);
        }
    }

    private static string SqliteFile()
    {
        var folder = Directory.CreateTempSubdirectory("scim-sqlite-").FullName;
        TestRun.OnEnd(() => Directory.Delete(folder, recursive: true));
        return $"Data Source={Path.Combine(folder, "scim.db")}";
    }
}
