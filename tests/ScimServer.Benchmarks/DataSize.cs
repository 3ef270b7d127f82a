namespace ScimServer.Benchmarks;

/// <summary>How large a tenant is, and who is in which group.</summary>
internal sealed record DataSize(int Users, int Groups)
{
    private const int MembersOfAnyGroup = 25;

    private static readonly int[] Large = [100, 10_000, 100_000, 1_000_000];

    /// <summary>The sizes of the first groups; the others have 25 members each.</summary>
    public IReadOnlyList<int> LargeGroups => [.. Large.Where(members => members <= Users)];

    public IEnumerable<int> MembersOf(int group)
    {
        if (group < LargeGroups.Count)
        {
            return Enumerable.Range(0, LargeGroups[group]);
        }

        return Enumerable.Range(0, MembersOfAnyGroup).Select(m => (int)(People.Hash(group, 100 + m) % (ulong)Users)).Distinct().Order();
    }

    /// <summary>The number of the group that has so many members.</summary>
    public int GroupOf(int members) => LargeGroups.ToList().IndexOf(members);
}
