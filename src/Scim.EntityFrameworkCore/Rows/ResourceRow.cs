using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>A resource: its key columns and its document.</summary>
public sealed class ResourceRow
{
    /// <summary>The tenant; every key begins with it.</summary>
    public required int TenantId { get; init; }

    /// <summary>The id, a UUID of version 7: ids rise with the time of creation.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name of the resource type.</summary>
    public required string Type { get; init; }

    /// <summary>The type's unique attribute (userName; displayName of a group) as its caseExact has it compared, unique per tenant and type.</summary>
    public string? UniqueKey { get; set; }

    /// <summary>The client's own id, in NFC.</summary>
    public string? ExternalId { get; set; }

    /// <summary>The folded displayName; without one, the folded form of a unique attribute in which case counts.</summary>
    public string? DisplayNameKey { get; set; }

    /// <summary>What others show for the resource: members.display, groups.display, manager.displayName.</summary>
    public string? Display { get; set; }

    /// <summary>Whether the account may be used; null for types without the attribute.</summary>
    public bool? Active { get; set; }

    /// <summary>The id of the resource that the document refers to (a user's manager), when it is a well-formed id.</summary>
    public Guid? ReferenceId { get; set; }

    /// <summary>When it was created, to the millisecond.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was last changed, to the millisecond.</summary>
    public required DateTimeOffset LastModified { get; set; }

    /// <summary>Counts the changes; concurrency token and ETag.</summary>
    public required long Version { get; set; }

    /// <summary>The document as UTF-8 JSON, ready to be sent.</summary>
    public required byte[] Document { get; set; }

    /// <summary>The document folded for matching, as JSON.</summary>
    public required string Search { get; set; }

    /// <summary>The hash of the password, which is in neither JSON.</summary>
    public string? PasswordHash { get; set; }
}

internal sealed class ResourceRowConfiguration : IEntityTypeConfiguration<ResourceRow>
{
    public void Configure(EntityTypeBuilder<ResourceRow> builder)
    {
        builder.ToTable("resources");
        builder.HasKey(row => new { row.TenantId, row.Id });
        builder.HasIndex(row => new { row.TenantId, row.Type, row.Id });
        builder.HasIndex(row => new { row.TenantId, row.Type, row.UniqueKey }).IsUnique();

        // With the id, an index has the order of a list sorted by its column, and a page begins anywhere in it.
        builder.HasIndex(row => new { row.TenantId, row.Type, row.ExternalId, row.Id });
        builder.HasIndex(row => new { row.TenantId, row.Type, row.DisplayNameKey, row.Id });
        builder.HasIndex(row => new { row.TenantId, row.Type, row.LastModified, row.Id });
        builder.HasIndex(row => new { row.TenantId, row.Type, row.Active, row.Id });
        builder.HasIndex(row => new { row.TenantId, row.ReferenceId });
    }
}
