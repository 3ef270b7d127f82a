using System.Data.Common;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Memberships;
using Scim.EntityFrameworkCore.Rows;
using Scim.Patching;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>Writes one resource's row, its members and its change record.</summary>
internal sealed class ResourceWrite
{
    private readonly WriteTransaction write;
    private readonly TenantContext tenant;
    private readonly ResourceRow row;
    private readonly DateTimeOffset now;
    private readonly bool showsGroups;

    /// <summary>For a row; its answer shows the groups that it is in, or does not.</summary>
    public ResourceWrite(WriteTransaction write, TenantContext tenant, ResourceRow row, DateTimeOffset now, bool showsGroups)
    {
        this.showsGroups = showsGroups;
        this.write = write;
        this.tenant = tenant;
        this.row = row;
        this.now = now;
    }

    /// <summary>Writes a new row.</summary>
    /// <returns>What the answer shows.</returns>
    public async Task<ShownRow> InsertAsync(ResourceType type, IReadOnlyList<string> members, Delta created)
    {
        await using var command = write.CreateCommand();
        command.AppendInsert(write.Dialect, row);
        command.AppendCount(write.Dialect, +1);
        if (members.Count == 0)
        {
            return await ExecuteAsync(command, ChangeKind.Create, created);
        }

        await command.ExecuteNonQueryAsync(CancellationToken.None);
        var changes = await new MembershipStore(write, row, type).ApplyAsync([new MembershipStep.Add(members)]);
        await using var change = write.CreateCommand();
        return await ExecuteAsync(change, ChangeKind.Create, created with { Added = changes.Added });
    }

    /// <summary>Writes what differs. Where nothing does, there is no new version and no change record.</summary>
    /// <returns>What the answer shows.</returns>
    public async Task<ShownRow> UpdateAsync(ResourceDocument before, ResourceChange change, string kind, ScimLimits limits)
    {
        var members = await new MembershipStore(write, row, before.Type).ApplyAsync(change.Members);
        var attributes = AttributeChange.Between(before, change.Document);
        var hasNewPassword = change.PasswordHash is not null || (change.PasswordRemoved && row.PasswordHash is not null);
        if (hasNewPassword)
        {
            row.PasswordHash = change.PasswordHash;
        }

        await using var command = write.CreateCommand();
        if (attributes.Count == 0 && !hasNewPassword && !members.Any)
        {
            return await ShowAsync(command, showsGroups);
        }

        row.Version++;
        row.LastModified = now > row.LastModified ? now : row.LastModified.AddMilliseconds(1);
        if (attributes.Count > 0 || hasNewPassword)
        {
            ResourceKeys.Fill(row, change.Document, limits);
            command.AppendUpdate(write.Dialect, row);
        }
        else
        {
            command.AppendTouch(write.Dialect, row);
        }

        return await ExecuteAsync(command, kind, new Delta
        {
            Attributes = attributes,
            Secret = hasNewPassword ? change.Document.Type.PasswordAttribute : null,
            Added = members.Added,
            Removed = members.Removed,
        });
    }

    private async Task<ShownRow> ExecuteAsync(DbCommand command, string kind, Delta delta)
    {
        var shown = new ShownRow(row, null);
        await command.ExecuteWithChangeAsync(
            write, tenant, row, kind, row.LastModified, delta, async last => shown = await ShowAsync(last, showsGroups && kind != ChangeKind.Create));
        return shown;
    }

    /// <summary>Sends the last command. What the answer shows is read with it, so that it needs no round trip of its own.</summary>
    /// <param name="command">The command; COMMIT goes with it.</param>
    /// <param name="readsGroups">Whether groups are shown and there may be any: a new resource is in none.</param>
    private async Task<ShownRow> ShowAsync(DbCommand command, bool readsGroups)
    {
        if (!readsGroups && row.ReferenceId is null)
        {
            write.EndWith(command);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
            return new ShownRow(row, null, []);
        }

        command.AppendCompanions(write.Dialect, row, readsGroups);
        write.EndWith(command);
        var shown = await command.ExecuteWithCompanionsAsync(row, readsGroups);
        return readsGroups ? shown : shown with { Groups = [] };
    }
}
