using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Scim.Paths;
using Scim.Projections;
using Scim.Queries;
using Scim.Resources;

namespace Scim.Tests.Projections;

/// <summary>A user and a group as a store gives them, and what is written of them.</summary>
internal static class Written
{
    public const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    public static readonly Guid Id = Guid.Parse("2819c223-7f76-453a-919d-413861904646");
    public static readonly Guid Other = Guid.Parse("0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f");
    public static readonly ResourceAddress Address = new("https://example.com/scim/v2", TestTypes.Registry);

    private const string UserJson = """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"externalId":"e","userName":"bjensen","name":{"familyName":"Jensen","givenName":"Bärbel \"B\" 🙂"},"emails":[{"value":"a@b.c","type":"work","primary":true},{"value":"d@e.f","type":"home"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D","manager":{"value":"0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f"}}}
        """;

    public static Resource User { get; } = NewUser(UserJson) with
    {
        Groups = [new GroupReference(Other, "Tour Guides", true), new GroupReference(Id, null, false)],
        Reference = new ResolvedReference(PathResolver.Resolve(TestTypes.User, "manager")!, new MemberReference(Other, "User", "John \"Boss\" Smith")),
    };

    public static Resource NewUser(string json) =>
        new(TestTypes.User, Id, Meta("User"), Encoding.UTF8.GetBytes(json.Trim()));

    public static Resource NewGroup(IAsyncEnumerable<MemberReference>? members) =>
        new(TestTypes.Group, Id, Meta("Group"), Encoding.UTF8.GetBytes("""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"G"}""")) { Members = members };

    public static async Task<string> TextAsync(Resource resource, Projection projection)
    {
        using var stream = new MemoryStream();
        await ResourceWriter.WriteAsync(PipeWriter.Create(stream), resource, projection, Address, default);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static async Task<JsonObject> JsonAsync(Resource resource, Projection projection) =>
        JsonNode.Parse(await TextAsync(resource, projection))!.AsObject();

    public static async Task<JsonObject> ListAsync(long total, int startIndex, IReadOnlyList<Resource> resources, Projection projection)
    {
        using var stream = new MemoryStream();
        var page = new ListPage([.. resources.Select(resource => (resource, projection))]) { TotalResults = total, StartIndex = startIndex };
        await ListResponse.WriteAsync(PipeWriter.Create(stream), page, Address, default);
        return JsonNode.Parse(stream.ToArray())!.AsObject();
    }

    public static async IAsyncEnumerable<MemberReference> Members(int count, string? display = "M")
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return new MemberReference(new Guid(i, 0, 0, new byte[8]), i % 2 == 0 ? "User" : "Group", display);
        }
    }

    private static Meta Meta(string type) => new(
        type,
        new DateTimeOffset(2011, 8, 1, 18, 29, 49, 793, TimeSpan.Zero),
        new DateTimeOffset(2011, 8, 1, 20, 29, 49, 7, TimeSpan.FromHours(2)),
        3);
}
