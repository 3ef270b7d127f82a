using System.Linq.Expressions;
using BenchmarkDotNet.Attributes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Filters;
using Scim.EntityFrameworkCore.PostgreSql;
using Scim.EntityFrameworkCore.Rows;
using Scim.Filters;

namespace ScimServer.Benchmarks.Micro;

/// <summary>A filter on its way from text to SQL.</summary>
[MemoryDiagnoser]
public class FilterBenchmarks
{
    private static readonly PostgreSqlScimDbContext Context = Unconnected();
    private Filter filter = null!;
    private BoundFilter bound = null!;

    /// <summary>The text of the filter.</summary>
    [Params("userName eq \"ada@example.com\"", "emails[type eq \"work\" and value eq \"ada@example.com\"]", "active eq true and (name.familyName sw \"Lo\" or title co \"engineer\") and not (userType eq \"Contractor\")")]
    public string Text { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        filter = Filter.Parse(Text, Sample.Limits);
        bound = filter.Bind(Sample.User);
    }

    [Benchmark]
    public Filter Parse() => Filter.Parse(Text, Sample.Limits);

    [Benchmark]
    public BoundFilter Bind() => filter.Bind(Sample.User);

    /// <summary>To the expression that EF Core turns into SQL and caches by its shape.</summary>
    [Benchmark]
    public Expression<Func<ResourceRow, bool>> Translate() => FilterTranslator.Translate(bound, Sample.User, Context);

    [Benchmark]
    public bool Evaluate() => FilterEvaluator.Matches(bound, Sample.Document.Root);

    private static PostgreSqlScimDbContext Unconnected()
    {
        var options = new DbContextOptionsBuilder<PostgreSqlScimDbContext>();
        ScimEntityFrameworkCoreExtensions.UsePostgreSql(options, "Host=nowhere");
        return new PostgreSqlScimDbContext(options.Options) { TenantId = 1 };
    }
}
