namespace ScimServer.Tests.Infrastructure;

/// <summary>What tests ask a client for again and again.</summary>
internal static class ScimClientExtensions
{
    /// <summary>Creates users and gives their ids.</summary>
    public static async Task<string[]> CreateUserIdsAsync(this ScimClient scim, int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ => (string)(await scim.CreateUserAsync())["id"]!));

    /// <summary>Creates a user and gives its id.</summary>
    public static async Task<string> CreateUserIdAsync(this ScimClient scim, string? userName = null, string more = "") =>
        (string)(await scim.CreateUserAsync(userName, more))["id"]!;

    /// <summary>Creates a group and gives its id.</summary>
    public static async Task<string> CreateGroupIdAsync(this ScimClient scim, string? displayName = null, params string[] members) =>
        (string)(await scim.CreateGroupAsync(displayName, members))["id"]!;

    /// <summary>Ids in the order of <see cref="ScimClient.MembersAsync"/>.</summary>
    public static string[] Sorted(this IEnumerable<string> ids) => [.. ids.Order(StringComparer.Ordinal)];
}
