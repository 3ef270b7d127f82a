namespace Scim.EntityFrameworkCore;

/// <summary>The databases that the server runs on.</summary>
public enum DatabaseProvider
{
    /// <summary>An embedded file: for trying out, tests and small installations.</summary>
    Sqlite,

    /// <summary>PostgreSQL 15 or later: for production.</summary>
    PostgreSql,
}

/// <summary>Which database, and what is done with it at start.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The kind of database. Default <see cref="DatabaseProvider.Sqlite"/>.</summary>
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>The ADO.NET connection string.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Whether migrations are applied when the server starts. Default true.</summary>
    public bool MigrateOnStart { get; set; } = true;

    /// <summary>
    /// PostgreSQL: whether every transaction names its tenant, as the policies need that <c>database row-level-security on</c>
    /// installs. Default false.
    /// </summary>
    public bool RowLevelSecurity { get; set; }

    /// <summary>
    /// Keys by which secrets that the server has to know (those that sign webhooks) are encrypted in the database: 32 bytes each in
    /// Base64. The first encrypts; all of them decrypt, so that a key can be replaced. Default none: the key is in the database then,
    /// and a copy of the database holds it too.
    /// </summary>
    public IReadOnlyList<string> SecretKeys { get; set; } = [];
}
