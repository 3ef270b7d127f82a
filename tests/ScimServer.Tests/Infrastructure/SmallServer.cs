namespace ScimServer.Tests.Infrastructure;

/// <summary>One server per database whose bounds are so small that tests reach them.</summary>
internal static class SmallServer
{
    public const int MaxBodyBytes = 20_000;
    public const int MaxPageSize = 4;
    public const int DefaultPageSize = 2;
    public const int MaxPatchOperations = 10;

    private static readonly Lazy<Task<ScimServerFactory>>[] Servers =
        [.. Enum.GetValues<Database>().Select(database => new Lazy<Task<ScimServerFactory>>(() => TestRun.ForAllAsync(() => StartAsync(database))))];

    /// <summary>A client with a token of a new, empty tenant.</summary>
    public static async Task<ScimClient> NewTenantAsync(Database database) => await TestServers.NewTenantAsync(await Servers[(int)database].Value);

    private static Task<ScimServerFactory> StartAsync(Database database) => ScimServerFactory.StartAsync(
        database,
        ("Scim:Limits:MaxBodyBytes", $"{MaxBodyBytes}"),
        ("Scim:Limits:MaxPageSize", $"{MaxPageSize}"),
        ("Scim:Limits:DefaultPageSize", $"{DefaultPageSize}"),
        ("Scim:Limits:MaxPatchOperations", $"{MaxPatchOperations}"));
}
