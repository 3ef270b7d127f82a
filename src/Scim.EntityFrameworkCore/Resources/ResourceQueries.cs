using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Filters;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;
using Scim.Projections;
using Scim.Queries;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>A page of a list (RFC 7644 §3.4.2).</summary>
/// <param name="TotalResults">How many resources match in all.</param>
/// <param name="StartIndex">The 1-based index of the first of the page.</param>
/// <param name="Resources">The resources of the page.</param>
public sealed record ResourcePage(long TotalResults, int StartIndex, IReadOnlyList<Resource> Resources);

/// <summary>Reads resources of the tenant that asks.</summary>
public sealed class ResourceQueries
{
    private readonly ScimDatabase database;
    private readonly TenantContext tenant;

    /// <summary>Made by the container.</summary>
    public ResourceQueries(ScimDatabase database, TenantContext tenant)
    {
        this.database = database;
        this.tenant = tenant;
    }

    /// <summary>One resource.</summary>
    /// <exception cref="ScimException">404 when the type has no resource with the id.</exception>
    public async Task<Resource> GetAsync(ResourceType type, string id, Projection projection, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out var key))
        {
            throw ScimErrors.ResourceNotFound(type.Name, id);
        }

        await using var context = database.Open(tenant.TenantId);
        var row = await Shown(context.Resources.Where(resource => resource.Id == key && resource.Type == type.Name)).SingleOrDefaultAsync(cancellationToken)
            ?? throw ScimErrors.ResourceNotFound(type.Name, id);
        return (await new ComputedAttributes(database, context, type, projection).AddToAsync([row], cancellationToken))[0];
    }

    /// <summary>A page of the resources of a type, in the order of their ids.</summary>
    /// <exception cref="ScimException">400 invalidFilter.</exception>
    public async Task<ResourcePage> ListAsync(ResourceType type, ListQuery query, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenant.TenantId);
        var matching = context.Resources.Where(row => row.Type == type.Name);
        if (query.Filter is { } filter)
        {
            matching = matching.Where(FilterTranslator.Translate(filter.Bind(type), type, context));
        }

        var rows = query.Count == 0
            ? []
            : await Shown(matching.OrderBy(row => row.Id).Skip(query.StartIndex - 1).Take(query.Count)).ToListAsync(cancellationToken);
        var total = await TotalAsync(context, type, query, matching, rows.Count, cancellationToken);
        var resources = await new ComputedAttributes(database, context, type, query.Projection).AddToAsync(rows, cancellationToken);
        return new ResourcePage(total, query.StartIndex, resources);
    }

    /// <summary>All columns but those that no answer needs.</summary>
    private static IQueryable<ResourceRow> Shown(IQueryable<ResourceRow> rows) => rows.Select(row => new ResourceRow
    {
        TenantId = row.TenantId,
        Id = row.Id,
        Type = row.Type,
        ReferenceId = row.ReferenceId,
        Created = row.Created,
        LastModified = row.LastModified,
        Version = row.Version,
        Document = row.Document,
        Search = "",
    });

    /// <summary>The exact number of matches, without a count where the page or the counters tell it.</summary>
    private static async Task<long> TotalAsync(
        ScimDbContext context, ResourceType type, ListQuery query, IQueryable<ResourceRow> matching, int read, CancellationToken cancellationToken)
    {
        var isLastPage = read < query.Count && (read > 0 || query.StartIndex == 1);
        if (isLastPage)
        {
            return query.StartIndex - 1L + read;
        }

        return query.Filter is null
            ? await context.ResourceCounts.Where(count => count.Type == type.Name).SumAsync(count => count.N, cancellationToken)
            : await matching.LongCountAsync(cancellationToken);
    }
}
