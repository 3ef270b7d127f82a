using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Scim.Patching;
using Scim.Resources;

namespace ScimServer.Benchmarks.Micro;

/// <summary>A PATCH without the database: its message, the engine, and what the change record tells.</summary>
[MemoryDiagnoser]
public class PatchBenchmarks
{
    private JsonObject body = null!;
    private PatchRequest request = null!;
    private ResourceDocument changed = null!;

    /// <summary>What is changed.</summary>
    [Params("active", "name.givenName", "emails[type eq \"work\"].value")]
    public string Path { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        body = new JsonObject
        {
            ["schemas"] = new JsonArray(PatchRequest.SchemaUrn),
            ["Operations"] = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = Path, ["value"] = Path == "active" ? false : "new@example.com" }),
        };
        request = PatchRequest.Parse(body, Sample.Limits);
        changed = PatchEngine.Apply(request, Sample.Document).Document;
    }

    [Benchmark]
    public PatchRequest Parse() => PatchRequest.Parse(body, Sample.Limits);

    /// <summary>Applies and validates; the stored document stays as it was.</summary>
    [Benchmark]
    public PatchOutcome Apply() => PatchEngine.Apply(request, Sample.Document);

    [Benchmark]
    public IReadOnlyList<AttributeChange> Compare() => AttributeChange.Between(Sample.Document, changed);
}
