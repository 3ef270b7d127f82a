using CsCheck;
using Scim.Bulk;

namespace Scim.Tests.Bulk;

public sealed class BulkPlanTests
{
    /// <summary>For each operation the operations that it refers to: duplicates, circles and itself included.</summary>
    private static readonly Gen<int[][]> Graphs =
        Gen.Int[1, 30].SelectMany(count => Gen.Int[0, count - 1].Array[0, 4].Array[count]);

    /// <summary>References to earlier operations only.</summary>
    private static readonly Gen<int[][]> Ordered =
        Graphs.Select(graph => graph.Select((needs, i) => needs.Where(needed => needed < i).ToArray()).ToArray());

    [Fact]
    public void Operations_that_refer_to_nothing_later_keep_their_order() =>
        Ordered.Sample(graph => BulkPlan.Of(graph).Select(step => step.Operation).SequenceEqual(Enumerable.Range(0, graph.Length))
            && BulkPlan.Of(graph).All(step => step is { Kind: BulkStepKind.Perform, Deferred.Count: 0 }));

    [Fact]
    public void Each_operation_is_performed_once() =>
        Graphs.Sample(graph => Performed(BulkPlan.Of(graph)).Select(step => step.Operation).Order().SequenceEqual(Enumerable.Range(0, graph.Length)));

    [Fact]
    public void Each_operation_is_performed_after_what_it_needs_but_for_what_is_deferred() =>
        Graphs.Sample(graph =>
        {
            var done = new HashSet<int>();
            foreach (var step in BulkPlan.Of(graph))
            {
                Assert.All(step.Kind == BulkStepKind.Perform ? graph[step.Operation].Except(step.Deferred) : step.Deferred, needed => Assert.Contains(needed, done));
                done.Add(step.Operation);
            }
        });

    [Fact]
    public void Only_references_in_a_circle_are_deferred_and_each_circle_has_one() =>
        Graphs.Sample(graph =>
        {
            var plan = BulkPlan.Of(graph);
            Assert.All(Performed(plan), step => Assert.All(step.Deferred, needed => Assert.Contains(step.Operation, ReachableFrom(graph, needed))));
            Assert.Equal(graph.Where((needs, i) => needs.Any(needed => ReachableFrom(graph, needed).Contains(i))).Any(), Performed(plan).Any(step => step.Deferred.Count > 0));
        });

    [Fact]
    public void What_was_deferred_is_completed_once() =>
        Graphs.Sample(graph =>
        {
            var plan = BulkPlan.Of(graph);
            var completed = plan.Where(step => step.Kind == BulkStepKind.Complete).OrderBy(step => step.Operation).Select(step => (step.Operation, string.Join(',', step.Deferred)));
            Assert.Equal(Performed(plan).Where(step => step.Deferred.Count > 0).OrderBy(step => step.Operation).Select(step => (step.Operation, string.Join(',', step.Deferred))), completed);
        });

    /// <summary>Operation 0 deletes, 1 refers to 3, 2 refers to nothing, 3 creates: 3 comes just before 1.</summary>
    [Fact]
    public void What_is_created_later_comes_just_before_the_first_that_refers_to_it() =>
        Assert.Equal([0, 3, 1, 2], BulkPlan.Of([[], [3], [], []]).Select(step => step.Operation));

    [Fact]
    public void A_chain_as_long_as_the_largest_bulk_is_no_matter()
    {
        const int Length = 100_000;
        int[][] chain = [.. Enumerable.Range(0, Length).Select(i => i + 1 < Length ? (int[])[i + 1] : [])];

        Assert.Equal(Enumerable.Range(0, Length).Reverse(), BulkPlan.Of(chain).Select(step => step.Operation));
    }

    private static IEnumerable<BulkStep> Performed(IReadOnlyList<BulkStep> plan) => plan.Where(step => step.Kind == BulkStepKind.Perform);

    private static HashSet<int> ReachableFrom(int[][] graph, int start)
    {
        var seen = new HashSet<int> { start };
        var open = new Queue<int>([start]);
        while (open.TryDequeue(out var here))
        {
            foreach (var next in graph[here].Where(seen.Add))
            {
                open.Enqueue(next);
            }
        }

        return seen;
    }
}
