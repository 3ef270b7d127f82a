using Microsoft.Data.Sqlite;
using Npgsql;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Startup;

/// <summary>Which database, out of <c>Database</c> and <c>ConnectionStrings:ScimServer</c>.</summary>
internal static class DatabaseSettings
{
    public const string ConnectionStringName = "ScimServer";

    private const string Section = "Database";
    private const string DefaultFile = "data/scim.db";

    /// <exception cref="StartupException">A setting is missing or makes no sense.</exception>
    public static DatabaseOptions Read(IConfiguration configuration, string contentRoot)
    {
        var provider = ReadProvider(configuration);
        var connectionString = configuration.GetConnectionString(ConnectionStringName);
        return new DatabaseOptions
        {
            Provider = provider,
            ConnectionString = provider == DatabaseProvider.Sqlite ? Sqlite(connectionString, contentRoot) : PostgreSql(connectionString),
            MigrateOnStart = ReadSwitch(configuration, nameof(DatabaseOptions.MigrateOnStart), unset: true),
            RowLevelSecurity = ReadRowLevelSecurity(configuration, provider),
            SecretKeys = ReadSecretKeys(configuration),
        };
    }

    /// <summary>The database as it is shown to people: never with a password.</summary>
    public static string Describe(DatabaseOptions options)
    {
        if (options.Provider == DatabaseProvider.Sqlite)
        {
            return $"SQLite, {new SqliteConnectionStringBuilder(options.ConnectionString).DataSource}";
        }

        var target = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        return $"PostgreSQL, {target.Database ?? target.Username} on {target.Host}";
    }

    private static DatabaseProvider ReadProvider(IConfiguration configuration)
    {
        var text = configuration[$"{Section}:{nameof(DatabaseOptions.Provider)}"];
        if (string.IsNullOrWhiteSpace(text))
        {
            return DatabaseProvider.Sqlite;
        }

        return Enum.TryParse<DatabaseProvider>(text, ignoreCase: true, out var provider) && Enum.IsDefined(provider)
            ? provider
            : throw new StartupException($"{Section}:{nameof(DatabaseOptions.Provider)} must be {string.Join(" or ", Enum.GetNames<DatabaseProvider>())}, not \"{text}\".");
    }

    private static bool ReadRowLevelSecurity(IConfiguration configuration, DatabaseProvider provider)
    {
        var isOn = ReadSwitch(configuration, nameof(DatabaseOptions.RowLevelSecurity), unset: false);
        return !isOn || provider == DatabaseProvider.PostgreSql
            ? isOn
            : throw new StartupException($"{Section}:{nameof(DatabaseOptions.RowLevelSecurity)} needs {Section}:{nameof(DatabaseOptions.Provider)}=PostgreSql.");
    }

    private static bool ReadSwitch(IConfiguration configuration, string name, bool unset)
    {
        var text = configuration[$"{Section}:{name}"];
        if (string.IsNullOrWhiteSpace(text))
        {
            return unset;
        }

        return bool.TryParse(text, out var value) ? value : throw new StartupException($"{Section}:{name} must be true or false, not \"{text}\".");
    }

    private static List<string> ReadSecretKeys(IConfiguration configuration)
    {
        const string Name = $"{Section}:{nameof(DatabaseOptions.SecretKeys)}";
        var keys = configuration.GetSection(Name).GetChildren().Select(child => child.Value ?? "").ToList();
        return keys.TrueForAll(StoredSecrets.IsKey)
            ? keys
            : throw new StartupException($"Each of {Name} must be {StoredSecrets.KeyBytes} bytes in Base64, for example from: openssl rand -base64 {StoredSecrets.KeyBytes}");
    }

    private static string Sqlite(string? connectionString, string contentRoot)
    {
        var settings = Parse(connectionString, text => new SqliteConnectionStringBuilder(text), DatabaseProvider.PostgreSql);
        if (settings.DataSource.Length == 0)
        {
            settings.DataSource = DefaultFile;
        }

        if (settings.DataSource != ":memory:" && settings.Mode != SqliteOpenMode.Memory)
        {
            settings.DataSource = Path.GetFullPath(settings.DataSource, contentRoot);
            CreateFolder(Path.GetDirectoryName(settings.DataSource)!);
        }

        return settings.ConnectionString;
    }

    private static string PostgreSql(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new StartupException(
                $"{Section}:{nameof(DatabaseOptions.Provider)} is PostgreSql, so ConnectionStrings:{ConnectionStringName} must be set, "
                + "for example \"Host=localhost;Database=scim;Username=scim;Password=…\".");
        }

        return Parse(connectionString, text => new NpgsqlConnectionStringBuilder(text), DatabaseProvider.Sqlite).ConnectionString;
    }

    private static T Parse<T>(string? connectionString, Func<string?, T> parse, DatabaseProvider other)
    {
        try
        {
            return parse(connectionString);
        }
        catch (ArgumentException exception)
        {
            // The connection string holds a password, so it is not repeated; the exception names a keyword at most.
            throw new StartupException(
                $"ConnectionStrings:{ConnectionStringName} cannot be read: {exception.Message} If it is meant for {other}, set Database:Provider={other}.", exception);
        }
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The folder of the database cannot be created: {exception.Message}", exception);
        }
    }
}
