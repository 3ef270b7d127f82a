namespace Scim.EntityFrameworkCore.Memberships;

/// <summary>The members that came and went in a request, net: who was removed and added again did neither.</summary>
internal sealed class MembershipChanges
{
    private readonly Dictionary<Guid, Member> added = [];
    private readonly Dictionary<Guid, Member> removed = [];

    public IReadOnlyList<Member> Added => [.. added.Values];

    public IReadOnlyList<Member> Removed => [.. removed.Values];

    public bool Any => added.Count + removed.Count > 0;

    public void Add(Member member)
    {
        if (!removed.Remove(member.Id))
        {
            added.Add(member.Id, member);
        }
    }

    public void Remove(Member member)
    {
        if (!added.Remove(member.Id))
        {
            removed.Add(member.Id, member);
        }
    }
}
