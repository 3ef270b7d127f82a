using Microsoft.Extensions.DependencyInjection;
using Scim;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Filters;
using Scim.EntityFrameworkCore.Resources;
using Scim.Queries;
using Scim.Schemas;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Paging;

/// <summary>However far probe and walk go, what a client gets is the same; here they end after very few rows.</summary>
public sealed class BoundsTests
{
    private static readonly string[] Filters =
    [
        "userType eq \"a\"", "userType eq \"b\"", "userType eq \"nobody\"", "active eq true", "userName co \"1\"", "title pr", "not (title pr)",
        "userName eq \"u3\" or title eq \"t1\"", "emails[type eq \"work\" and value sw \"m1\"]", "externalId eq \"e1\" and userType eq \"a\"", "userName eq \"u3\"",
    ];

    private static readonly (string? By, string? Order)[] Orders =
        [(null, null), ("title", null), ("title", "descending"), ("displayName", null), ("displayName", "descending"), ("userName", "descending"), ("meta.lastModified", null), ("active", "descending")];

    [Theory]
    [EachDatabase]
    public async Task Short_probes_and_windows_find_the_same_pages(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        for (var i = 0; i < 40; i++)
        {
            var texts = i % 4 == 3 ? "" : $"\"title\":\"T{i % 5}\",\"displayName\":\"d{i % 3}\",\"externalId\":\"e{i % 6}\",\"emails\":[{{\"value\":\"m{i % 7}@x.org\",\"type\":\"work\"}}],";
            await scim.CreateUserAsync($"u{i}", $"{texts}\"userType\":\"{(i == 17 ? "b" : "A")}\",\"active\":{(i % 3 == 0 ? "false" : "true")}");
        }

        foreach (var filter in Filters.Prepend(null))
        {
            foreach (var (by, order) in Orders)
            {
                await ComparesAsync(scim, new SearchRequest { Filter = filter, SortBy = by, SortOrder = order, Count = "3" });
            }
        }
    }

    private static async Task ComparesAsync(ScimClient scim, SearchRequest request)
    {
        var expected = await IdsByIndexAsync(Queries(scim, new PageBounds()), request);
        var what = $"{request.Filter} {request.SortBy} {request.SortOrder}";
        foreach (var bounds in new[] { new PageBounds(2, 4), new PageBounds(1, 1), new PageBounds(5, 40), new PageBounds(10, 41) })
        {
            var queries = Queries(scim, bounds);
            Assert.True(expected.SequenceEqual(await IdsByIndexAsync(queries, request)), what);
            Assert.True(expected.SequenceEqual(await IdsByCursorAsync(queries, request)), what);
            Assert.True(expected.SequenceEqual(await IdsByCursorAsync(Queries(scim, bounds), request)), what);
        }
    }

    private static async Task<List<Guid>> IdsByIndexAsync(ResourceQueries queries, SearchRequest request)
    {
        var (ids, total) = (new List<Guid>(), 1L);
        for (var start = 1; start <= total; start += 3)
        {
            var page = await queries.ListAsync(Parse(request with { StartIndex = $"{start}" }), default);
            total = page.TotalResults!.Value;
            ids.AddRange(page.Resources.Select(item => item.Resource.Id));
        }

        Assert.Equal(total, ids.Count);
        return ids;
    }

    private static async Task<List<Guid>> IdsByCursorAsync(ResourceQueries queries, SearchRequest request)
    {
        var (ids, cursor) = (new List<Guid>(), "");
        while (cursor is not null)
        {
            var page = await queries.ListAsync(Parse(request with { Cursor = cursor }), default);
            Assert.True(page.Resources.Count <= 3);
            ids.AddRange(page.Resources.Select(item => item.Resource.Id));
            cursor = page.NextCursor;
        }

        return ids;
    }

    private static ListQuery Parse(SearchRequest request) => ListQuery.Parse(Schemas.FindResourceType("User")!, request, new ScimLimits());

    private static SchemaRegistry Schemas { get; } = SchemaRegistry.Create(new SchemaOptions());

    private static ResourceQueries Queries(ScimClient scim, PageBounds bounds)
    {
        var tenant = new TenantContext(TimeProvider.System);
        tenant.Accept(new AuthenticatedToken(scim.Tenant.Id, scim.Tenant.Name, Guid.Empty, "test"));
        var services = scim.Server.Services;
        return new ResourceQueries(services.GetRequiredService<ScimDatabase>(), tenant, services.GetRequiredService<ServerKeys>(), new FilterSelectivity(), bounds);
    }
}
