using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Filters;
using Scim.EntityFrameworkCore.Resources;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;
using Scim.Filters;
using Scim.Patching;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Memberships;

/// <summary>
/// Changes the members of a group whose row is locked. Each step is one round trip whatever the numbers; a group is never
/// loaded to change it.
/// </summary>
internal sealed class MembershipStore
{
    /// <summary>How many unknown members an error names.</summary>
    private const int NamedUnknown = 20;

    /// <summary>What the change log tells of a member, out of the statement that writes the membership.</summary>
    private const string Returning =
        """
        RETURNING member_id,
            (SELECT r.type FROM resources AS r WHERE r.tenant_id = @tenant_id AND r.id = member_id),
            (SELECT r.external_id FROM resources AS r WHERE r.tenant_id = @tenant_id AND r.id = member_id);
        """;

    private readonly WriteTransaction write;
    private readonly ResourceRow group;
    private readonly ResourceType type;

    public MembershipStore(WriteTransaction write, ResourceRow group, ResourceType type)
    {
        this.write = write;
        this.group = group;
        this.type = type;
    }

    /// <summary>Applies the steps in order.</summary>
    /// <exception cref="ScimException">400 invalidValue when a new member does not exist; noTarget and mutability (<see cref="MembershipStep.ReplaceMatching"/>).</exception>
    public async Task<MembershipChanges> ApplyAsync(IReadOnlyList<MembershipStep> steps)
    {
        var changes = new MembershipChanges();
        foreach (var step in steps)
        {
            await (step switch
            {
                MembershipStep.Add add => AddAsync(add, add.Ids, changes),
                MembershipStep.Remove remove => RemoveAsync(KnownForm(remove.Ids), changes),
                MembershipStep.RemoveMatching matching => RemoveMatchingAsync(matching, changes),
                MembershipStep.ReplaceMatching matching => ReplaceMatchingAsync(matching, changes),
                MembershipStep.Clear => RemoveAllButAsync([], changes),
                MembershipStep.Replace replace => ReplaceAsync(replace, changes),
                _ => throw new InvalidOperationException($"Unknown step {step}."),
            });
        }

        return changes;
    }

    private async Task ReplaceAsync(MembershipStep.Replace replace, MembershipChanges changes)
    {
        await RemoveAllButAsync(KnownForm(replace.Ids), changes);
        await AddAsync(replace, replace.Ids, changes);
    }

    private async Task AddAsync(MembershipStep step, IReadOnlyList<string> ids, MembershipChanges changes)
    {
        var malformed = ids.Where(id => !Guid.TryParseExact(id, "D", out _)).Take(NamedUnknown).ToList();
        if (malformed.Count > 0)
        {
            throw UnknownMembers(step, ids, malformed);
        }

        if (ids.Count == 0)
        {
            return;
        }

        // The schema says which resource types can be members.
        var accepted = type.MembersAttribute!.ReferencedTypes.ToArray();
        var isAccepted = $"type IN ({string.Join(", ", accepted.Select((_, index) => $"@type_{index}"))})";
        await using var command = Command($"""
            SELECT ids.id FROM {write.Dialect.IdTable("@ids")}
            WHERE ids.id NOT IN (SELECT id FROM resources WHERE tenant_id = @tenant_id AND {isAccepted} AND {write.Dialect.IsOneOf("id", "@ids")})
            LIMIT {NamedUnknown};
            INSERT INTO memberships (tenant_id, group_id, member_id)
            SELECT @tenant_id, @group_id, id FROM resources
            WHERE tenant_id = @tenant_id AND {isAccepted} AND {write.Dialect.IsOneOf("id", "@ids")} ORDER BY id
            ON CONFLICT (tenant_id, group_id, member_id) DO NOTHING
            {Returning}
            """);
        for (var index = 0; index < accepted.Length; index++)
        {
            write.Dialect.AddValue(command, $"type_{index}", accepted[index]);
        }

        write.Dialect.AddIds(command, "ids", KnownForm(ids));
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        var unknown = await ReadIdsAsync(reader);
        if (unknown.Count > 0)
        {
            throw UnknownMembers(step, ids, [.. unknown.Select(id => id.ToString())]);
        }

        await reader.NextResultAsync(CancellationToken.None);
        (await ReadMembersAsync(reader)).ForEach(changes.Add);
    }

    private async Task RemoveAsync(IReadOnlyCollection<Guid> ids, MembershipChanges changes)
    {
        await using var command = Command($"""
            DELETE FROM memberships WHERE tenant_id = @tenant_id AND group_id = @group_id
                AND {write.Dialect.IsOneOf("member_id", "@ids")}
            {Returning}
            """);
        write.Dialect.AddIds(command, "ids", ids);
        await RemovedAsync(command, changes);
    }

    private async Task RemoveAllButAsync(IReadOnlyCollection<Guid> kept, MembershipChanges changes)
    {
        await using var command = Command($"""
            DELETE FROM memberships WHERE tenant_id = @tenant_id AND group_id = @group_id
                AND member_id NOT IN (SELECT ids.id FROM {write.Dialect.IdTable("@ids")})
            {Returning}
            """);
        write.Dialect.AddIds(command, "ids", kept);
        await RemovedAsync(command, changes);
    }

    private async Task RemoveMatchingAsync(MembershipStep.RemoveMatching step, MembershipChanges changes)
    {
        var matching = await MatchingAsync(step.Members, step.Inner);
        if (matching.Count > 0)
        {
            await RemoveAsync(matching, changes);
        }
    }

    private async Task ReplaceMatchingAsync(MembershipStep.ReplaceMatching step, MembershipChanges changes)
    {
        var matching = await MatchingAsync(step.Members, step.Inner);
        if (matching.Count == 0)
        {
            throw step.NoTarget();
        }

        await RemoveAsync(matching, changes);
        await AddAsync(step, step.Ids ?? throw step.Immutable(), changes);
    }

    /// <summary>The database finds them, as it finds who a filter selects in a search.</summary>
    private Task<List<Guid>> MatchingAsync(SchemaAttribute members, BoundFilter inner) => write.Context.Memberships
        .Where(pair => pair.GroupId == group.Id)
        .Where(new RelationPredicates(write.Context, members).Matching(inner))
        .Select(pair => pair.MemberId)
        .ToListAsync(CancellationToken.None);

    private DbCommand Command(string sql)
    {
        var command = write.CreateCommand(sql);
        write.Dialect.AddValue(command, "tenant_id", group.TenantId);
        write.Dialect.AddValue(command, "group_id", group.Id);
        return command;
    }

    private static async Task RemovedAsync(DbCommand command, MembershipChanges changes)
    {
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        (await ReadMembersAsync(reader)).ForEach(changes.Remove);
    }

    private static async Task<List<Member>> ReadMembersAsync(DbDataReader reader)
    {
        var members = new List<Member>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            members.Add(new Member(reader.GetGuid(0), reader.GetString(1), await reader.IsDBNullAsync(2, CancellationToken.None) ? null : reader.GetString(2)));
        }

        return members;
    }

    private static async Task<List<Guid>> ReadIdsAsync(DbDataReader reader)
    {
        var ids = new List<Guid>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    /// <summary>What is no UUID is the id of nothing here.</summary>
    private static HashSet<Guid> KnownForm(IReadOnlyList<string> ids) =>
        [.. ids.Select(id => Guid.TryParseExact(id, "D", out var parsed) ? parsed : (Guid?)null).OfType<Guid>()];

    /// <summary>Names the unknown ids, and the operation that brought the first of them.</summary>
    private static ScimException UnknownMembers(MembershipStep step, IReadOnlyList<string> ids, IReadOnlyCollection<string> unknown)
    {
        var first = ids.TakeWhile(id => !unknown.Contains(Guid.TryParseExact(id, "D", out var parsed) ? parsed.ToString() : id)).Count();
        return step.Refuse(first, NoSuchMember(unknown));
    }

    /// <summary>400 invalidValue: there are no resources of these ids.</summary>
    internal static ScimException NoSuchMember(IEnumerable<string> ids) => ScimErrors.InvalidValue(
        $"No such member: {string.Join(", ", ids.Select(id => $"\"{ScimErrors.Shorten(id)}\""))}. Members must exist before they are added; nothing was changed.");
}
