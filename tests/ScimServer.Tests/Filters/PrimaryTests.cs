using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Filters;

/// <summary>RFC 7643 §2.4: "If not specified, the value of 'primary' SHALL be assumed to be 'false'".</summary>
public sealed class PrimaryTests
{
    private const string Both = """ "emails":[{"value":"w@x.org","type":"work","primary":true},{"value":"h@x.org","type":"home"}] """;

    /// <summary>Who is found: both (a primary and another), said (primary is false), unsaid (nothing is said), none (no emails).</summary>
    [SkippableTheory]
    [EachDatabase("emails[primary eq false]", "both said unsaid")]
    [EachDatabase("emails[primary ne true]", "both said unsaid")]
    [EachDatabase("emails[primary ne false]", "both")]
    [EachDatabase("emails[type eq \"home\" and primary eq false]", "both unsaid")]
    [EachDatabase("emails[type eq \"work\"].primary eq false", "said")]
    [EachDatabase("emails.primary eq false", "both said unsaid")]
    [EachDatabase("not (emails.primary eq false)", "none")]
    [EachDatabase("emails.primary eq true", "both")]
    [EachDatabase("emails.primary ne true", "both none said unsaid")]
    [EachDatabase("emails.primary ne false", "both none")]
    [EachDatabase("emails.primary pr", "both said")]
    [EachDatabase("emails[primary pr and primary eq false]", "said")]
    [EachDatabase("emails.primary eq null", "none unsaid")]
    [EachDatabase("userName sw \"u\" and emails[primary eq \"False\"]", "unsaid")]
    public async Task An_element_without_primary_is_found_as_one_that_is_not(Database database, string filter, string expected)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync("both", Both);
        await scim.CreateUserAsync("said", """ "emails":[{"value":"a@x.org","type":"work","primary":false}] """);
        await scim.CreateUserAsync("unsaid", """ "emails":[{"value":"b@x.org","type":"home"}] """);
        await scim.CreateUserAsync("none");

        var found = (await scim.FindAsync("/Users", filter)).Expect(200).Resources.Select(user => (string)user!["userName"]!);

        Assert.Equal(expected, string.Join(' ', found.Order(StringComparer.Ordinal)));
    }

    /// <summary>RFC 7644 §3.5.2.2, §3.5.2.3.</summary>
    [SkippableTheory, EachDatabase]
    public async Task A_patch_changes_and_removes_the_element_without_primary(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = "/Users/" + await scim.CreateUserIdAsync(more: Both);

        await scim.PatchAsync(user, """{"op":"replace","path":"emails[primary eq false].value","value":"n@x.org"}""");
        JsonAssert.Has("""{"emails":[{"value":"w@x.org","type":"work","primary":true},{"value":"n@x.org","type":"home"}]}""", (await scim.GetAsync(user)).Object);

        await scim.PatchAsync(user, """{"op":"remove","path":"emails[primary eq false]"}""");
        JsonAssert.Has("""{"emails":[{"value":"w@x.org","type":"work","primary":true}]}""", (await scim.GetAsync(user)).Object);
    }
}
