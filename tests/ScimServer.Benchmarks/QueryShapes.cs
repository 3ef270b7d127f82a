using System.Globalization;

namespace ScimServer.Benchmarks;

/// <summary>A kind of query.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Wanted">How much slower it may be in the large tenant; null where it reads all of it by its nature.</param>
/// <param name="Path">Path and query for a user's number, in a tenant of so many users.</param>
internal sealed record QueryShape(string Name, double? Wanted, Func<int, DataSize, string> Path);

/// <summary>The kinds of query that are measured.</summary>
internal static class QueryShapes
{
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    private const string WithoutMembers = "&excludedAttributes=members";

    public static IReadOnlyList<QueryShape> All { get; } =
    [
        new("`userName eq`", 2, (i, _) => Users($"userName eq \"{People.UserName(i)}\"")),
        new("`externalId eq`", 2, (i, _) => Users($"externalId eq \"{People.ExternalId(i)}\"")),
        new("`displayName eq`", 2, (i, _) => Users($"displayName eq \"{People.DisplayName(i)}\"")),
        new("`displayName eq` of groups", 2, (i, size) => Groups($"displayName eq \"{People.GroupName(i % size.Groups)}\"")),
        new("`emails.value eq`", 2, (i, _) => Users($"emails.value eq \"{People.Email(i)}\"")),
        new("extension: `…:employeeNumber eq`", 2, (i, _) => Users($"{Enterprise}:employeeNumber eq \"{People.EmployeeNumber(i)}\"")),
        new("value path: `emails[type eq … and value eq …]`", 2, (i, _) => Users($"emails[type eq \"work\" and value eq \"{People.Email(i)}\"]")),
        new("`members.value eq`", 2, (i, _) => Groups($"members.value eq \"{People.UserId(i)}\"")),
        new("`meta.lastModified ge … and lt …` (5 minutes, about 10 users)", 2, (i, _) => Users(
            $"meta.lastModified ge \"{Time(People.Created(i))}\" and meta.lastModified lt \"{Time(People.Created(i).AddMinutes(5))}\"")),
        new("first page, unfiltered", 2, (_, _) => "Users?count=100"),
        new("first page of a walk by cursor", 2, (_, _) => "Users?count=100&cursor="),
        new("startIndex at 90 %", null, (_, size) => $"Users?count=100&startIndex={Number((size.Users / 10 * 9) + 1)}"),
        new("`active eq true` (95 %), by index, exact total", null, (_, _) => Users("active eq true") + "&count=100"),
        new("`active eq true`, by cursor, no total", 2, (_, _) => Users("active eq true") + "&count=100&cursor="),
        new("`userType eq \"Employee\"` (95 %), by index, exact total", null, (_, _) => Users("userType eq \"Employee\"") + "&count=100"),
        new("`userType eq \"Employee\"`, by cursor, no total", 2, (_, _) => Users("userType eq \"Employee\"") + "&count=100&cursor="),
        new("`emails.value co` (1 match)", null, (i, _) => Users($"emails.value co \"{i.ToString("D7", CultureInfo.InvariantCulture)}.PRI\"")),
        new("`title co` (2 of 7 match)", null, (_, _) => Users("title co \"engineer\" or title co \"nurse\"") + "&count=100"),
    ];

    /// <summary>What is walked through by cursor: a name, and the query without its cursor.</summary>
    public static IReadOnlyList<(string Name, string Path)> Walks { get; } =
    [
        ("unfiltered", "Users?count=200"),
        ("`active eq true`", Users("active eq true") + "&count=200"),
        ("`userType eq \"Employee\"`", Users("userType eq \"Employee\"") + "&count=200"),
    ];

    private static string Users(string filter) => $"Users?filter={Uri.EscapeDataString(filter)}";

    private static string Groups(string filter) => $"Groups?filter={Uri.EscapeDataString(filter)}{WithoutMembers}";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
