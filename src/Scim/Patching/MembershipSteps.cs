using Scim.Errors;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>
/// Collects steps and joins neighbours where the result is the same, so that a thousand operations of one member each
/// become one step. An id that may turn out to be unknown is never dropped: it must still be refused.
/// </summary>
internal sealed class MembershipSteps(int limit)
{
    private readonly List<Step> steps = [];
    private int count;

    /// <summary>The index of the operation that is being applied.</summary>
    public int Operation { get; set; }

    private enum Kind
    {
        Add,
        Remove,
        RemoveMatching,
        ReplaceMatching,
        Clear,
        Replace,
    }

    public void Add(IReadOnlyList<string> ids)
    {
        if (ids.Count == 0)
        {
            return;
        }

        switch (Last?.Kind)
        {
            case Kind.Add or Kind.Replace:
                Last.Take(ids, Operation);
                break;
            case Kind.Clear:
                steps.RemoveAt(steps.Count - 1);
                Append(Kind.Replace, ids);
                break;
            default:
                Append(Kind.Add, ids);
                break;
        }

        Count(ids);
    }

    public void Remove(IReadOnlyList<string> ids)
    {
        if (ids.Count == 0 || Last?.Kind == Kind.Clear)
        {
            return;
        }

        if (Last?.Kind == Kind.Remove)
        {
            Last.Take(ids, Operation);
        }
        else
        {
            Append(Kind.Remove, ids);
        }

        Count(ids);
    }

    public void RemoveMatching(SchemaAttribute members, BoundFilter inner)
    {
        if (Last?.Kind != Kind.Clear)
        {
            steps.Add(new Step(Kind.RemoveMatching) { Matching = new MembershipStep.RemoveMatching(members, inner) });
        }
    }

    public void ReplaceMatching(SchemaAttribute members, BoundFilter inner, IReadOnlyList<string>? ids)
    {
        steps.Add(new Step(Kind.ReplaceMatching) { Matching = new MembershipStep.ReplaceMatching(members, inner, ids) { Origins = [(0, Operation)] } });
        Count(ids ?? []);
    }

    public void Clear()
    {
        DropRemovals();
        steps.Add(new Step(Kind.Clear));
    }

    public void Replace(IReadOnlyList<string> ids)
    {
        if (ids.Count == 0)
        {
            Clear();
            return;
        }

        DropRemovals();
        Append(Kind.Replace, ids);
        Count(ids);
    }

    public IReadOnlyList<MembershipStep> ToList() => [.. steps.Select(step => step.ToMembershipStep())];

    private Step? Last => steps.Count == 0 ? null : steps[^1];

    /// <summary>What only removes is without effect before a step that leaves no one.</summary>
    private void DropRemovals()
    {
        while (Last?.Kind is Kind.Remove or Kind.RemoveMatching or Kind.Clear)
        {
            steps.RemoveAt(steps.Count - 1);
        }
    }

    private void Append(Kind kind, IReadOnlyList<string> ids)
    {
        var step = new Step(kind);
        step.Take(ids, Operation);
        steps.Add(step);
    }

    private void Count(IReadOnlyList<string> ids)
    {
        count += ids.Count;
        if (count > limit)
        {
            throw ScimErrors.PayloadTooLarge($"More than {limit} members in one request; send them in several.");
        }
    }

    private sealed class Step(Kind kind)
    {
        private readonly List<string> ids = [];
        private readonly HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        private readonly List<(int Position, int Operation)> origins = [];

        public Kind Kind { get; } = kind;

        public MembershipStep? Matching { get; init; }

        public void Take(IReadOnlyList<string> more, int operation)
        {
            origins.Add((ids.Count, operation));
            ids.AddRange(more.Where(seen.Add));
        }

        public MembershipStep ToMembershipStep() => Kind switch
        {
            Kind.Add => new MembershipStep.Add(ids) { Origins = origins },
            Kind.Remove => new MembershipStep.Remove(ids),
            Kind.RemoveMatching or Kind.ReplaceMatching => Matching!,
            Kind.Clear => new MembershipStep.Clear(),
            _ => new MembershipStep.Replace(ids) { Origins = origins },
        };
    }
}
