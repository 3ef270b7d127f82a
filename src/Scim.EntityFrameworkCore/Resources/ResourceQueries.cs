using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Filters;
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
        if (!ResourceId.TryParse(id, out var key))
        {
            throw ScimErrors.ResourceNotFound(type.Name, id);
        }

        await using var context = database.Open(tenant.TenantId);
        await context.Database.OpenConnectionAsync(cancellationToken);
        var row = await FindAsync(context, type, key, ComputedAttributes.AsksForGroups(type, projection), cancellationToken)
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

    private async Task<ShownRow?> FindAsync(ScimDbContext context, ResourceType type, Guid id, bool withGroups, CancellationToken cancellationToken)
    {
        var groups = withGroups ? ShownRows.Groups(database.Dialect) : ShownRows.NoGroups;
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"""
            SELECT {ShownRows.Columns(groups)} FROM resources AS r {ShownRows.Join}
            WHERE r.tenant_id = @tenant_id AND r.id = @id AND r.type = @type
            """;
        database.Dialect.AddValue(command, "tenant_id", tenant.TenantId);
        database.Dialect.AddValue(command, "id", id);
        database.Dialect.AddValue(command, "type", type.Name);
        await using var reader = await database.Dialect.ReadAsync(command, tenant.TenantId, isPlannedOnce: false, cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ShownRows.Read(reader, tenant.TenantId, withGroups) : null;
    }

    /// <summary>Adds what is computed, type by type.</summary>
    private async Task<ListPage> PageAsync(ScimDbContext context, ListQuery query, PageRows page, CancellationToken cancellationToken)
    {
        var resources = new (Resource Resource, Projection Projection)[page.Rows.Count];
        foreach (var target in query.Targets)
        {
            var places = Enumerable.Range(0, resources.Length).Where(i => page.Rows[i].Row.Type == target.Type.Name).ToArray();
            var found = await new ComputedAttributes(database, context, target.Type, target.Projection)
                .AddToAsync([.. places.Select(i => page.Rows[i])], cancellationToken);
            for (var i = 0; i < places.Length; i++)
            {
                resources[places[i]] = (found[i], target.Projection);
            }
        }

        return new ListPage(resources) { TotalResults = page.Total };
    }
}
