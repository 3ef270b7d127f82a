namespace Scim.EntityFrameworkCore.Memberships;

/// <summary>The members that came and went in a request, net: who was removed and added again did neither.</summary>
internal sealed class MembershipChanges
{
    private readonly HashSet<Guid> added = [];
    private readonly HashSet<Guid> removed = [];

    public IReadOnlyCollection<Guid> Added => added;

    public IReadOnlyCollection<Guid> Removed => removed;

    public bool Any => added.Count + removed.Count > 0;

    public void Add(Guid member)
    {
        if (!removed.Remove(member))
        {
            added.Add(member);
        }
    }

    public void Remove(Guid member)
    {
        if (!added.Remove(member))
        {
            removed.Add(member);
        }
    }
}
