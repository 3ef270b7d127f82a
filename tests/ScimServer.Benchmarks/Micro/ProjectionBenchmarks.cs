using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using Scim.Projections;
using Scim.Resources;

namespace ScimServer.Benchmarks.Micro;

/// <summary>A stored user written as an answer.</summary>
[MemoryDiagnoser]
public class ProjectionBenchmarks
{
    private readonly PipeWriter nowhere = PipeWriter.Create(Stream.Null);
    private readonly Resource resource = new(Sample.User, People.UserId(4_711), new Meta("User", People.Created(1), People.Created(2), 3), Sample.Document.ToUtf8())
    {
        Groups = [new GroupReference(People.GroupId(1), People.GroupName(1), Direct: true)],
    };

    private Projection projection = null!;

    /// <summary>The parameter <c>attributes</c>; empty for none.</summary>
    [Params("", "userName,emails.value")]
    public string Attributes { get; set; } = "";

    [GlobalSetup]
    public void Prepare() => projection = Parse();

    [Benchmark]
    public Projection Parse() => Projection.Parse(Sample.User, Attributes, null);

    [Benchmark]
    public ValueTask Write() => ResourceWriter.WriteAsync(nowhere, resource, projection, Sample.Address, CancellationToken.None);
}
