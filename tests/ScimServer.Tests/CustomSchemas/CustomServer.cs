using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>One server per database with the definitions of this folder and every set that the server brings.</summary>
internal static class CustomServer
{
    public const string Badge = "urn:example:scim:schemas:1.0:Badge";
    public const string Price = "urn:example:scim:schemas:1.0:Price";

    public static readonly string Folder = Path.Combine(HouseTests.Root, "tests", "ScimServer.Tests", "CustomSchemas", "Definitions");

    private static readonly Lazy<Task<ScimServerFactory>>[] Servers =
        [.. Enum.GetValues<Database>().Select(database => new Lazy<Task<ScimServerFactory>>(() => TestRun.ForAllAsync(() => StartAsync(database))))];

    /// <summary>The shared server of a database.</summary>
    public static Task<ScimServerFactory> GetAsync(Database database) => Servers[(int)database].Value;

    /// <summary>A client with a token of a new, empty tenant.</summary>
    public static async Task<ScimClient> NewTenantAsync(Database database) => await TestServers.NewTenantAsync(await GetAsync(database));

    /// <summary>Creates a sample, given as JSON without its braces, and gives its id.</summary>
    public static async Task<string> CreateSampleAsync(this ScimClient scim, string label, string more = "") =>
        (string)(await scim.PostSampleAsync(label, more)).Expect(201).Object["id"]!;

    /// <summary>Sends a new sample.</summary>
    public static Task<ScimResponse> PostSampleAsync(this ScimClient scim, string label, string more = "") =>
        scim.PostAsync("/Samples", $$"""{"schemas":["urn:example:scim:schemas:1.0:Sample"],"label":"{{label}}"{{(more.Length > 0 ? "," : "")}}{{more}}}""");

    /// <summary>The labels of the samples that a filter finds, in the order of their ids.</summary>
    /// <summary>The labels of what a filter finds; sorted, unless the query asks for an order: resources of one millisecond have none.</summary>
    public static async Task<string> LabelsAsync(this ScimClient scim, string filter, string more = "")
    {
        var labels = (await scim.FindAsync("/Samples", filter, more)).Expect(200).Resources.Select(Label);
        return string.Join(' ', more.Length == 0 ? labels.Order(StringComparer.Ordinal) : labels);
    }

    public static string Label(JsonNode? sample) => (string)sample!["label"]!;

    private static Task<ScimServerFactory> StartAsync(Database database) => ScimServerFactory.StartAsync(
        database,
        ("Scim:Schemas:Folder", Folder),
        ("Scim:Schemas:Enabled:0", "Device"),
        ("Scim:Schemas:Enabled:1", "EndpointApp"),
        ("Scim:Schemas:Enabled:2", "OktaEntitlements"),
        ("Scim:Schemas:Enabled:3", "OktaRoles"));
}
