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

    public ResourceWrite(WriteTransaction write, TenantContext tenant, ResourceRow row, DateTimeOffset now)
    {
        this.write = write;
        this.tenant = tenant;
        this.row = row;
        this.now = now;
    }

    public async Task InsertAsync(ResourceType type, IReadOnlyList<string> members, Delta created)
    {
        await using var command = write.CreateCommand();
        command.AppendInsert(write.Dialect, row);
        command.AppendCount(write.Dialect, +1);
        if (members.Count == 0)
        {
            await command.ExecuteWithChangeAsync(write, tenant, row, ChangeKind.Create, now, created);
            return;
        }

        await command.ExecuteNonQueryAsync(CancellationToken.None);
        var changes = await new MembershipStore(write, row, type).ApplyAsync([new MembershipStep.Add(members)]);
        await using var change = write.CreateCommand();
        await change.ExecuteWithChangeAsync(write, tenant, row, ChangeKind.Create, now, created with { Added = changes.Added });
    }

    /// <summary>Writes what differs. Where nothing does, there is no new version and no change record.</summary>
    public async Task UpdateAsync(ResourceDocument before, ResourceChange change, string kind, ScimLimits limits)
    {
        var members = await new MembershipStore(write, row, before.Type).ApplyAsync(change.Members);
        var attributes = AttributeChange.Between(before, change.Document);
        var hasNewPassword = change.PasswordHash is not null || (change.PasswordRemoved && row.PasswordHash is not null);
        if (hasNewPassword)
        {
            row.PasswordHash = change.PasswordHash;
        }

        if (attributes.Count == 0 && !hasNewPassword && !members.Any)
        {
            return;
        }

        row.Version++;
        row.LastModified = now > row.LastModified ? now : row.LastModified.AddMilliseconds(1);
        await using var command = write.CreateCommand();
        if (attributes.Count > 0 || hasNewPassword)
        {
            ResourceKeys.Fill(row, change.Document, limits);
            command.AppendUpdate(write.Dialect, row);
        }
        else
        {
            command.AppendTouch(write.Dialect, row);
        }

        await command.ExecuteWithChangeAsync(write, tenant, row, kind, row.LastModified, new Delta
        {
            Attributes = attributes,
            Secret = hasNewPassword ? change.Document.Type.PasswordAttribute : null,
            Added = members.Added,
            Removed = members.Removed,
        });
    }
}
