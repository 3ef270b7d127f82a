using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Memberships;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>
/// Deletes a resource with everything that refers to it: it leaves its groups, and who has it as manager has none. Each resource
/// that loses something by it changes once, with the same <c>txn</c>: also a group of which it was a member and the owner.
/// </summary>
internal sealed class ResourceDeletion
{
    /// <summary>What went with a resource.</summary>
    /// <param name="Memberships">Groups that it was in.</param>
    /// <param name="References">Resources that referred to it.</param>
    public readonly record struct Outcome(int Memberships, int References);

    private readonly WriteTransaction write;
    private readonly TenantContext tenant;
    private readonly ResourceType type;
    private readonly ScimLimits limits;
    private readonly DateTimeOffset now;

    public ResourceDeletion(WriteTransaction write, TenantContext tenant, ResourceType type, ScimLimits limits, DateTimeOffset now)
    {
        this.write = write;
        this.tenant = tenant;
        this.type = type;
        this.limits = limits;
        this.now = now;
    }

    /// <summary>
    /// Groups are locked before the member, as a PATCH of a group does it, so that the two do not wait for each other.
    /// </summary>
    /// <param name="key">The resource.</param>
    /// <param name="id">Its id as it was given, for the refusal.</param>
    /// <param name="checkVersion">Called with the locked row.</param>
    /// <param name="cancellationToken">Heeded until the first write.</param>
    /// <param name="erases">Whether the resource is a person who is erased: then no change tells more of it than its id.</param>
    public async Task<Outcome> RunAsync(Guid key, string id, Action<ResourceRow> checkVersion, CancellationToken cancellationToken, bool erases = false)
    {
        var groups = await LockedRows.FindAllAsync(write, await GroupsAsync(key, cancellationToken), cancellationToken);
        var row = await LockedRows.FindAsync(write, type, key, write.Dialect.LockForDelete, cancellationToken)
            ?? throw ScimErrors.ResourceNotFound(type.Name, id);
        checkVersion(row);

        // The lock keeps new groups from taking the member; those that took it before the lock are locked now.
        var late = (await GroupsAsync(key, cancellationToken)).Except(groups.Select(group => group.Id)).ToList();
        groups.AddRange(await LockedRows.FindAllAsync(write, late, cancellationToken));

        row.Version++;
        var left = await DeleteRowAsync(row);
        groups.RemoveAll(group => group.Id == key || !left.Contains(group.Id));
        var deleted = erases ? Erased(row) : new Delta
        {
            Previous = row.ToDocument(type),
            Groups = [.. groups.Select(group => new GroupReference(group.Id, group.Display, Direct: true))],
        };
        var referring = await ReferringAsync(key, cancellationToken);
        Member[] gone = [new Member(row.Id, row.Type, row.ExternalId)];
        await LeaveGroupsAsync(groups.ExceptBy(referring.Select(one => one.Row.Id), group => group.Id), gone);
        await ForgetReferencesAsync(referring, groups.ConvertAll(group => group.Id), gone);
        await RecordAsync(row, deleted);
        return new Outcome(groups.Count, referring.Count);
    }

    private static Delta Erased(ResourceRow row)
    {
        (row.ExternalId, row.Display) = (null, null);
        return new Delta { IsErased = true };
    }

    private Task<List<Guid>> GroupsAsync(Guid key, CancellationToken cancellationToken) =>
        write.Context.Memberships.Where(membership => membership.MemberId == key).Select(membership => membership.GroupId).ToListAsync(cancellationToken);

    /// <summary>
    /// Gives the groups that it was in. It may have left some of those that were found before their rows were locked: they are
    /// not told that it leaves them. Its own members go with it, by the foreign key.
    /// </summary>
    private async Task<HashSet<Guid>> DeleteRowAsync(ResourceRow row)
    {
        await using var command = write.CreateCommand("DELETE FROM memberships WHERE tenant_id = @tenant_id AND member_id = @id RETURNING group_id;");
        command.AppendDelete(write.Dialect, row);
        command.AppendCount(write.Dialect, -1);
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        var left = new HashSet<Guid>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            left.Add(reader.GetGuid(0));
        }

        while (await reader.NextResultAsync(CancellationToken.None))
        {
        }

        return left;
    }

    /// <summary>The resources that refer to it by an attribute, locked, each with its type. What was given another reference before the lock keeps that.</summary>
    private async Task<List<(ResourceRow Row, ResourceType Type)>> ReferringAsync(Guid key, CancellationToken cancellationToken)
    {
        var referring = new List<(ResourceRow, ResourceType)>();
        foreach (var referrer in type.Referrers)
        {
            var ids = await write.Context.Resources.Where(row => row.ReferenceId == key && row.Type == referrer.Name).Select(row => row.Id).ToListAsync(cancellationToken);
            referring.AddRange((await LockedRows.FindAllAsync(write, ids, cancellationToken)).Where(row => row.ReferenceId == key).Select(row => (row, referrer)));
        }

        return referring;
    }

    /// <summary>Groups that lose a member and nothing else.</summary>
    private async Task LeaveGroupsAsync(IEnumerable<ResourceRow> groups, Member[] gone)
    {
        foreach (var group in groups)
        {
            NextVersion(group);
            await using var command = write.CreateCommand();
            command.AppendTouch(write.Dialect, group);
            await ChangeAsync(command, group, new Delta { Removed = gone });
        }
    }

    private async Task ForgetReferencesAsync(List<(ResourceRow Row, ResourceType Type)> referring, List<Guid> left, Member[] gone)
    {
        foreach (var (row, referrer) in referring)
        {
            var before = row.ToDocument(referrer);
            var document = before.Clone();
            ResourceKeys.RemoveReference(document, ResourceKeys.ReferenceAttribute(referrer)!);
            ResourceKeys.Fill(row, document, limits);
            NextVersion(row);
            await using var command = write.CreateCommand();
            command.AppendUpdate(write.Dialect, row);
            await ChangeAsync(command, row, new Delta { Attributes = AttributeChange.Between(before, document), Removed = left.Contains(row.Id) ? gone : [] });
        }
    }

    private Task ChangeAsync(DbCommand command, ResourceRow row, Delta delta) =>
        command.ExecuteWithChangeAsync(write, tenant, row, ChangeKind.Patch, row.LastModified, delta);

    private async Task RecordAsync(ResourceRow row, Delta deleted)
    {
        await using var command = write.CreateCommand();
        await command.ExecuteWithChangeAsync(write, tenant, row, ChangeKind.Delete, now, deleted, last =>
        {
            write.EndWith(last);
            return last.ExecuteNonQueryAsync(CancellationToken.None);
        });
    }

    private void NextVersion(ResourceRow row)
    {
        row.Version++;
        row.LastModified = now > row.LastModified ? now : row.LastModified.AddMilliseconds(1);
    }
}
