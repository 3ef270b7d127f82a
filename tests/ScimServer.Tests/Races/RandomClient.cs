using System.Diagnostics.CodeAnalysis;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Races;

/// <summary>One of many clients that change the same few users and groups at random.</summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "Repeatable from its seed.")]
internal sealed class RandomClient(ScimClient scim, string[] users, string[] groups, int seed)
{
    private static readonly string[] Attributes =
    [
        "title", "nickName", "displayName", "locale", "name.familyName", "name.givenName", "externalId",
        ScimClient.Enterprise + ":department", ScimClient.Enterprise + ":costCenter", ScimClient.Enterprise + ":manager.displayName",
    ];

    private readonly Random random = new(seed);

    /// <summary>Does one thing and gives the answers.</summary>
    public async Task<IReadOnlyList<ScimResponse>> ActAsync() => random.Next(12) switch
    {
        0 or 1 or 2 => [await scim.PatchAsync(User(), Operations(random.Next(1, 4)))],
        3 => [await scim.PatchAsync(User(), Emails())],
        4 => [await scim.PutAsync(User(out var id), $$$"""{"userName":"{{{id}}}","title":"put{{{random.Next(9)}}}","name":{"givenName":"G{{{random.Next(3)}}}"}}""")],
        5 => [await scim.PatchAsync(User(), Operations(1), ("If-Match", $"W/\"{random.Next(1, 50)}\""))],
        6 or 7 => [await scim.PatchAsync(Group(), $$"""{"op":"add","path":"members","value":[{{Members()}}]}""")],
        8 => [await scim.PatchAsync(Group(), $$"""{"op":"remove","path":"members","value":[{{Members()}}]}""")],
        9 => [await scim.PatchAsync(Group(), $$"""{"op":"replace","path":"displayName","value":"name{{random.Next(4)}}"},{"op":"replace","path":"members","value":[{{Members()}}]}""")],
        10 => [await scim.PatchAsync(Group(), $$"""{"op":"remove","path":"members[value eq \"{{users[random.Next(users.Length)]}}\"]"},{"op":"add","path":"members","value":[{{Members()}}]}""")],
        _ => await JoinAndLeaveAsync(),
    };

    /// <summary>A user of its own that joins two of the groups and is deleted.</summary>
    private async Task<IReadOnlyList<ScimResponse>> JoinAndLeaveAsync()
    {
        var created = await scim.PostAsync("/Users", $$"""{"schemas":["{{ScimClient.User}}"],"userName":"temp-{{Guid.NewGuid():N}}","externalId":"x{{random.Next()}}"}""");
        var id = (string)created.Object["id"]!;
        var joined = await Task.WhenAll(groups.OrderBy(_ => random.Next()).Take(2).ToArray().Select(group =>
            scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{id}}"}]}""")));
        return [created, .. joined, await scim.DeleteAsync($"/Users/{id}")];
    }

    private string User() => User(out _);

    private string User(out string id) => $"/Users/{id = users[random.Next(users.Length)]}";

    private string Group() => $"/Groups/{groups[random.Next(groups.Length)]}";

    private string Operations(int count) => string.Join(',', Enumerable.Range(0, count).Select(_ =>
    {
        var path = Attributes[random.Next(Attributes.Length)];
        return (path.EndsWith("manager.displayName", StringComparison.Ordinal), random.Next(3)) switch
        {
            (true, 0) => $$"""{"op":"remove","path":"{{ScimClient.Enterprise}}:manager"}""",
            (true, _) => $$$"""{"op":"add","path":"{{{ScimClient.Enterprise}}}:manager","value":{"value":"{{{users[random.Next(users.Length)]}}}"}}""",
            (false, 0) => $$"""{"op":"remove","path":"{{path}}"}""",
            _ => $$"""{"op":"replace","path":"{{path}}","value":"v{{random.Next(5)}}"}""",
        };
    }));

    private string Emails() => random.Next(2) == 0
        ? $$"""{"op":"add","path":"emails","value":[{"value":"e{{random.Next(6)}}@x.y","type":"work"}]}"""
        : $$"""{"op":"remove","path":"emails[value eq \"e{{random.Next(6)}}@x.y\"]"}""";

    /// <summary>Some users and groups, in any order.</summary>
    private string Members() =>
        string.Join(',', users.Concat(groups).OrderBy(_ => random.Next()).Take(random.Next(1, 4)).ToArray().Select(id => $$"""{"value":"{{id}}"}"""));
}
