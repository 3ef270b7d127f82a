namespace Scim.Bulk;

/// <summary>
/// The order in which a bulk is carried out. An operation is performed where it stands, unless one before it refers to the
/// resource that it creates: then just before that one. So a client that wrote its operations in an order that works gets
/// exactly that order (RFC 7644 §3.7). In a circle of references one is deferred: the resource is created without it
/// and completed when the other exists (§3.7.1).
/// </summary>
public sealed class BulkPlan
{
    private readonly IReadOnlyList<IReadOnlyList<int>> needs;
    private readonly int[] entered;
    private readonly bool[] performed;
    private readonly List<BulkStep> steps = [];
    private readonly Dictionary<int, List<BulkStep>> completions = [];
    private int entries;

    private BulkPlan(IReadOnlyList<IReadOnlyList<int>> needs)
    {
        this.needs = needs;
        entered = new int[needs.Count];
        performed = new bool[needs.Count];
    }

    /// <summary>The plan of a request. A reference to a bulkId that no POST has plans nothing; it fails when it is resolved.</summary>
    public static IReadOnlyList<BulkStep> Of(BulkRequest request)
    {
        var creators = Creators(request);
        return Of([.. request.Operations.Select(operation => (IReadOnlyList<int>)
            [.. operation.References.Where(creators.ContainsKey).Select(name => creators[name])])]);
    }

    /// <summary>The operations that create what a bulkId stands for.</summary>
    public static IReadOnlyDictionary<string, int> Creators(BulkRequest request)
    {
        var creators = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var operation in request.Operations.Where(operation => operation is { Method: BulkMethod.Post, BulkId: not null }))
        {
            creators.TryAdd(operation.BulkId!, operation.Index);
        }

        return creators;
    }

    /// <summary>The plan of a graph: element <c>i</c> names the operations that operation <c>i</c> refers to.</summary>
    public static IReadOnlyList<BulkStep> Of(IReadOnlyList<IReadOnlyList<int>> needs)
    {
        var plan = new BulkPlan(needs);
        for (var operation = 0; operation < needs.Count; operation++)
        {
            plan.Visit(operation);
        }

        return plan.steps;
    }

    /// <summary>Depth first, with a stack of its own: a chain of references may be as long as the bulk.</summary>
    private void Visit(int first)
    {
        if (entered[first] > 0)
        {
            return;
        }

        var path = new Stack<(int Operation, int Next)>();
        Enter(path, first);
        while (path.TryPop(out var here))
        {
            if (here.Next == needs[here.Operation].Count)
            {
                Perform(here.Operation);
                continue;
            }

            path.Push(here with { Next = here.Next + 1 });
            var needed = needs[here.Operation][here.Next];
            if (entered[needed] == 0)
            {
                Enter(path, needed);
            }
        }
    }

    private void Enter(Stack<(int Operation, int Next)> path, int operation)
    {
        entered[operation] = ++entries;
        path.Push((operation, 0));
    }

    /// <summary>
    /// What it refers to and is not there yet is on the way to it and waits for it in turn. Of those the one that was entered
    /// first is performed last: then it can be completed.
    /// </summary>
    private void Perform(int operation)
    {
        int[] deferred = [.. needs[operation].Where(needed => !performed[needed]).Distinct()];
        performed[operation] = true;
        steps.Add(new BulkStep(operation, BulkStepKind.Perform, deferred));
        if (deferred.Length > 0)
        {
            var last = deferred.MinBy(needed => entered[needed]);
            completions.TryAdd(last, []);
            completions[last].Add(new BulkStep(operation, BulkStepKind.Complete, deferred));
        }

        if (completions.Remove(operation, out var possible))
        {
            steps.AddRange(possible);
        }
    }
}
