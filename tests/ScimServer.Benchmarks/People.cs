using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;

namespace ScimServer.Benchmarks;

/// <summary>The people and groups of a tenant, each made out of its number, so that a benchmark knows what it may ask for.</summary>
internal static class People
{
    private const string Core = "urn:ietf:params:scim:schemas:core:2.0:User";
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    private const int GroupSalt = 1 << 30;

    private static readonly DateTimeOffset Beginning = new(2025, 10, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Given = ["Ada", "Björn", "Chiara", "Dmitri", "Elif", "Fatima", "Grace", "Hiroshi", "Inês", "João", "Katarzyna", "Liam", "Mei", "Noor", "Olga", "Priya"];
    private static readonly string[] Family = ["Lovelace", "Müller", "Rossi", "Ivanov", "Yılmaz", "Haddad", "Hopper", "Tanaka", "Costa", "Silva", "Kowalska", "O'Brien", "Chen", "Jansen", "Novak", "Sharma", "Nguyen"];
    private static readonly string[] Titles = ["Software Engineer", "Account Manager", "Nurse", "Analyst", "Sales Representative", "Technician", "Team Lead"];
    private static readonly string[] Departments = ["Engineering", "Sales", "Finance", "Operations", "Support", "Research", "Legal", "Human Resources"];
    private static readonly string[] Cities = ["Berlin", "London", "Porto", "Istanbul", "Osaka", "Pune", "Austin", "Kraków"];

    public static Guid UserId(int i) => Id(Created(i), i);

    public static Guid GroupId(int g) => Id(Beginning, g + GroupSalt);

    /// <summary>One user every half minute.</summary>
    public static DateTimeOffset Created(int i) => Beginning.AddSeconds(30.0 * i);

    /// <summary>Within the hour after the creation, so that any five minutes hold about ten changes.</summary>
    public static DateTimeOffset LastModified(int i) => Created(i).AddSeconds(Hash(i, 1) % 3600);

    public static bool IsActive(int i) => Hash(i, 2) % 100 < 95;

    public static string UserName(int i) => $"{Given[i % Given.Length]}.{Family[i % Family.Length]}.{Number(i)}@example.com";

    public static string ExternalId(int i) => "00u" + Hash(i, 3).ToString("x16", CultureInfo.InvariantCulture);

    public static string DisplayName(int i) => $"{Given[i % Given.Length]} {Family[i % Family.Length]} ({Number(i)})";

    public static string Email(int i) => $"{Number(i)}.{Given[i % Given.Length].ToUpperInvariant()}@mail.example.com";

    public static string EmployeeNumber(int i) => "E" + i.ToString("D8", CultureInfo.InvariantCulture);

    public static string GroupName(int g) => $"{Pick(Departments, g, 4)} {Pick(Cities, g, 5)} {Number(g)}";

    /// <summary>A user as an identity provider sends it; stored it is about 1.5 kB.</summary>
    public static JsonObject User(int i) => new()
    {
        ["schemas"] = new JsonArray(Core, Enterprise),
        ["externalId"] = ExternalId(i),
        ["userName"] = UserName(i),
        ["name"] = new JsonObject
        {
            ["formatted"] = DisplayName(i),
            ["givenName"] = Given[i % Given.Length],
            ["familyName"] = Family[i % Family.Length],
        },
        ["displayName"] = DisplayName(i),
        ["nickName"] = Given[i % Given.Length],
        ["profileUrl"] = $"https://intranet.example.com/people/{Number(i)}",
        ["title"] = Pick(Titles, i, 6),
        ["userType"] = Hash(i, 7) % 100 < 95 ? "Employee" : "Contractor",
        ["preferredLanguage"] = "en-GB",
        ["locale"] = "en-GB",
        ["timezone"] = "Europe/Berlin",
        ["active"] = IsActive(i),
        ["emails"] = new JsonArray(Value(Email(i), "work", primary: true), Value($"{Number(i)}.private@home.example.net", "home")),
        ["phoneNumbers"] = new JsonArray(Value($"+49 30 {Number(i)}", "work", primary: true), Value($"+49 170 {Number(i)}", "mobile")),
        ["addresses"] = new JsonArray(new JsonObject
        {
            ["type"] = "work",
            ["streetAddress"] = $"{(Hash(i, 8) % 300).ToString(CultureInfo.InvariantCulture)} Long Street",
            ["locality"] = Pick(Cities, i, 9),
            ["postalCode"] = (10_000 + (Hash(i, 10) % 80_000)).ToString(CultureInfo.InvariantCulture),
            ["country"] = "DE",
            ["formatted"] = $"{(Hash(i, 8) % 300).ToString(CultureInfo.InvariantCulture)} Long Street, {Pick(Cities, i, 9)}",
        }),
        ["roles"] = new JsonArray(Value(Pick(Titles, i, 11), "application")),
        [Enterprise] = new JsonObject
        {
            ["employeeNumber"] = EmployeeNumber(i),
            ["costCenter"] = $"CC-{(Hash(i, 12) % 500).ToString(CultureInfo.InvariantCulture)}",
            ["organization"] = "Example Manufacturing and Services",
            ["division"] = Pick(Cities, i, 13),
            ["department"] = Pick(Departments, i, 14),
            ["manager"] = new JsonObject { ["value"] = UserId(i / 10).ToString() },
        },
    };

    public static JsonObject Group(int g) => new() { ["displayName"] = GroupName(g), ["externalId"] = ExternalId(g + GroupSalt) };

    /// <summary>A number that looks random and is always the same.</summary>
    public static ulong Hash(int i, int salt)
    {
        // The finaliser of SplitMix64.
        var z = ((ulong)(uint)i << 8) + (ulong)salt + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static JsonObject Value(string value, string type, bool primary = false)
    {
        var element = new JsonObject { ["value"] = value, ["type"] = type };
        if (primary)
        {
            element["primary"] = true;
        }

        return element;
    }

    private static string Pick(string[] values, int i, int salt) => values[Hash(i, salt) % (ulong)values.Length];

    private static string Number(int i) => i.ToString("D7", CultureInfo.InvariantCulture);

    /// <summary>A UUID of version 7, as the server makes them.</summary>
    private static Guid Id(DateTimeOffset created, int i)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, created.ToUnixTimeMilliseconds() << 16);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Hash(i, 0));
        bytes[6] = 0x70;
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
