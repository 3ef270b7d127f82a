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

/// <summary>Reads resources of the tenant that asks.</summary>
public sealed class ResourceQueries
{
    private const string CursorKey = "cursor";

    private readonly ScimDatabase database;
    private readonly TenantContext tenant;
    private readonly ServerKeys keys;
    private readonly FilterSelectivity selectivity;
    private readonly PageBounds bounds;

    internal ResourceQueries(ScimDatabase database, TenantContext tenant, ServerKeys keys, FilterSelectivity selectivity, PageBounds bounds)
    {
        this.bounds = bounds;
        this.database = database;
        this.tenant = tenant;
        this.keys = keys;
        this.selectivity = selectivity;
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

    /// <summary>A page of resources of one or several types.</summary>
    /// <exception cref="ScimException">400 invalidFilter, invalidPath, invalidCursor or invalidCount.</exception>
    public async Task<ListPage> ListAsync(ListQuery query, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenant.TenantId);
        var reader = new PageReader(context, database.Dialect, selectivity, bounds, query);
        if (query.Cursor is not { } cursor)
        {
            var page = await reader.ByIndexAsync(cancellationToken);
            return await PageAsync(context, query, page, cancellationToken) with { StartIndex = query.StartIndex };
        }

        // A cursor of another tenant is as good as forged: the tenant is part of what it is bound to.
        var secret = await keys.GetAsync(CursorKey, Cursor.SecretBytes, cancellationToken);
        var walk = $"{tenant.TenantId}\n{query}";
        var position = cursor.Length == 0 ? null : Cursor.Open(cursor, secret, walk);
        if (position is not null && position.Count != query.Count)
        {
            throw ScimErrors.InvalidCount($"\"count\" must stay what it was for the first page: {position.Count}, not {query.Count}.");
        }

        var next = await reader.ByCursorAsync(position, cancellationToken);
        return await PageAsync(context, query, next, cancellationToken) with { NextCursor = next.Next?.Seal(secret, walk) };
    }

    /// <summary>Adds what is computed, type by type.</summary>
    private async Task<ListPage> PageAsync(ScimDbContext context, ListQuery query, PageRows page, CancellationToken cancellationToken)
    {
        var resources = new (Resource Resource, Projection Projection)[page.Rows.Count];
        foreach (var target in query.Targets)
        {
            var places = Enumerable.Range(0, resources.Length).Where(i => page.Rows[i].Type == target.Type.Name).ToArray();
            var found = await new ComputedAttributes(database, context, target.Type, target.Projection)
                .AddToAsync([.. places.Select(i => page.Rows[i])], cancellationToken);
            for (var i = 0; i < places.Length; i++)
            {
                resources[places[i]] = (found[i], target.Projection);
            }
        }

        return new ListPage(resources) { TotalResults = page.Total };
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
}
