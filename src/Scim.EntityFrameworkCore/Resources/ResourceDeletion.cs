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
/// Deletes a resource with everything that refers to it: it leaves its groups, and who has it as manager has none. Each of
/// those is a change of its own, with the same <c>txn</c>.
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
        await LeaveGroupsAsync(row, groups);
        var references = 0;
        foreach (var referrer in type.Referrers)
        {
            references += await ForgetReferencesAsync(referrer, key, cancellationToken);
        }

        await RecordAsync(row, deleted);
        return new Outcome(groups.Count, references);
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

    private async Task LeaveGroupsAsync(ResourceRow row, IEnumerable<ResourceRow> groups)
    {
        var left = new Delta { Removed = [new Member(row.Id, row.Type, row.ExternalId)] };
        foreach (var group in groups)
        {
            await using var command = write.CreateCommand();
            NextVersion(group);
            command.AppendTouch(write.Dialect, group);
            await command.ExecuteWithChangeAsync(write, tenant, group, ChangeKind.Patch, group.LastModified, left);
        }
    }

    private async Task<int> ForgetReferencesAsync(ResourceType referrer, Guid key, CancellationToken cancellationToken)
    {
        var reference = ResourceKeys.ReferenceAttribute(referrer)!;
        var ids = await write.Context.Resources.Where(row => row.ReferenceId == key && row.Type == referrer.Name).Select(row => row.Id).ToListAsync(cancellationToken);
        var all = await LockedRows.FindAllAsync(write, ids, cancellationToken);
        foreach (var referring in all)
        {
            var before = referring.ToDocument(referrer);
            var document = before.Clone();
            ResourceKeys.RemoveReference(document, reference);
            ResourceKeys.Fill(referring, document, limits);
            NextVersion(referring);
            await using var command = write.CreateCommand();
            command.AppendUpdate(write.Dialect, referring);
            var forgotten = new Delta { Attributes = AttributeChange.Between(before, document) };
            await command.ExecuteWithChangeAsync(write, tenant, referring, ChangeKind.Patch, referring.LastModified, forgotten);
        }

        return all.Count;
    }

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
