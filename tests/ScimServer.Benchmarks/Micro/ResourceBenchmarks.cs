using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Scim.EntityFrameworkCore.Rows;
using Scim.Resources;

namespace ScimServer.Benchmarks.Micro;

/// <summary>A user of 1.5 kB on its way from the body of a POST to its row.</summary>
[MemoryDiagnoser]
public class ResourceBenchmarks
{
    private readonly JsonObject body = Sample.Json();

    [Benchmark]
    public JsonObject ParseJson() => Sample.Json();

    /// <summary>The dialect rules, which find nothing to do.</summary>
    [Benchmark]
    public int Normalize()
    {
        var applied = new List<string>();
        Sample.Dialect.NormalizeResource(Sample.User, body, applied);
        return applied.Count;
    }

    [Benchmark]
    public ResourceInput Read() => ResourceReader.Read(Sample.User, body, RequestKind.Create);

    [Benchmark]
    public void Validate() => ResourceValidator.Validate(Sample.Document);

    /// <summary>Key columns, the document's bytes, and the folded document.</summary>
    [Benchmark]
    public ResourceRow FillRow() => Sample.Row(Sample.Document);

    [Benchmark]
    public ResourceDocument ParseStored() => ResourceDocument.Parse(Sample.User, Sample.Utf8);
}
