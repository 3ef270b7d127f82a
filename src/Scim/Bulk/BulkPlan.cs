namespace Scim.Bulk;

/// <summary>
/// The order in which a bulk is carried out. An operation is performed where it stands, unless one before it refers to the
/// resource that it creates: then just before that one, if nothing between could make a difference. So a client that wrote its
/// operations in an order that works gets exactly that order (RFC 7644 §3.7). What comes too early then, and one of each circle of
/// references, is performed without the reference and completed when the other resource exists (§3.7.1); where that cannot be,
/// it is performed then.
/// </summary>
public sealed class BulkPlan
{
    private readonly IReadOnlyList<IReadOnlyList<int>> needs;
    private readonly BulkOrder? order;
    private readonly bool[] entered;
    private readonly bool[] performed;
    private readonly List<BulkStep> steps = [];
    private readonly Dictionary<int, List<Waiting>> waiting = [];

    private BulkPlan(IReadOnlyList<IReadOnlyList<int>> needs, BulkOrder? order)
    {
        this.needs = needs;
        this.order = order;
        entered = new bool[needs.Count];
        performed = new bool[needs.Count];
    }

    /// <summary>The plan of a request. A reference to a bulkId that no POST has plans nothing; it fails when it is resolved.</summary>
    public static IReadOnlyList<BulkStep> Of(BulkRequest request)
    {
        var creators = Creators(request);
        return Of(
            [.. request.Operations.Select(operation => (IReadOnlyList<int>)[.. operation.References.Where(creators.ContainsKey).Select(name => creators[name])])],
            new BulkOrder(request));
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

    /// <summary>The plan of a graph: element <c>i</c> names the operations that operation <c>i</c> refers to, and all could be carried out in any order.</summary>
    public static IReadOnlyList<BulkStep> Of(IReadOnlyList<IReadOnlyList<int>> needs) => Of(needs, order: null);

    private static List<BulkStep> Of(IReadOnlyList<IReadOnlyList<int>> needs, BulkOrder? order)
    {
        var plan = new BulkPlan(needs, order);
        for (var operation = 0; operation < needs.Count; operation++)
        {
            plan.Visit(operation);
        }

        plan.PerformRest();
        return plan.steps;
    }

    /// <summary>Depth first, with a stack of its own: a chain of references may be as long as the bulk.</summary>
    private void Visit(int first)
    {
        if (entered[first])
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
            if (!entered[needed] && !WaitsFor(needed, here.Operation, first))
            {
                Enter(path, needed);
            }
        }
    }

    private void Enter(Stack<(int Operation, int Next)> path, int operation)
    {
        entered[operation] = true;
        path.Push((operation, 0));
    }

    /// <summary>Whether what an operation needs stays where it stands, because its turn is before it could be carried out with the same result.</summary>
    private bool WaitsFor(int needed, int operation, int turn) => order is not null && !order.MayComeBefore(needed, turn) && order.CanWait(operation, needed);

    /// <summary>What it refers to and is not there yet stays where it stands, or is on the way to it and waits for it in turn.</summary>
    private void Perform(int operation)
    {
        int[] missing = [.. needs[operation].Where(needed => !performed[needed]).Distinct()];
        if (missing.Length == 0)
        {
            Take(new BulkStep(operation, BulkStepKind.Perform, []));
        }
        else if (order?.CanLeaveOut(operation, missing) ?? true)
        {
            Wait(new BulkStep(operation, BulkStepKind.Complete, missing), missing);
            Take(new BulkStep(operation, BulkStepKind.Perform, missing));
        }
        else
        {
            Wait(new BulkStep(operation, BulkStepKind.Perform, []), missing);
        }
    }

    private void Wait(BulkStep step, int[] missing)
    {
        var wait = new Waiting(step, missing.Length);
        foreach (var needed in missing)
        {
            waiting.TryAdd(needed, []);
            waiting[needed].Add(wait);
        }
    }

    /// <summary>Takes a step, and those that have only waited for it. What was tried although something is missing is not tried again.</summary>
    private void Take(BulkStep first)
    {
        var open = new Queue<BulkStep>([first]);
        while (open.TryDequeue(out var step))
        {
            if (step.Kind == BulkStepKind.Complete)
            {
                steps.Add(step);
            }
            else if (!performed[step.Operation])
            {
                steps.Add(step);
                performed[step.Operation] = true;
                foreach (var wait in waiting.Remove(step.Operation, out var waits) ? waits : [])
                {
                    if (--wait.Missing == 0)
                    {
                        open.Enqueue(wait.Step);
                    }
                }
            }
        }
    }

    /// <summary>What waits for each other and can leave nothing out: it is tried, and fails.</summary>
    private void PerformRest()
    {
        for (var operation = 0; operation < needs.Count; operation++)
        {
            if (!performed[operation])
            {
                Take(new BulkStep(operation, BulkStepKind.Perform, order!.IsPost(operation) ? [.. needs[operation].Where(needed => !performed[needed])] : []));
            }
        }
    }

    private sealed class Waiting(BulkStep step, int missing)
    {
        public BulkStep Step => step;

        /// <summary>How many of those that it waits for have not been performed.</summary>
        public int Missing { get; set; } = missing;
    }
}
