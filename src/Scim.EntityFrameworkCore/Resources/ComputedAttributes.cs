using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Memberships;
using Scim.EntityFrameworkCore.Rows;
using Scim.Projections;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>
/// Adds to the resources of a page what is computed: groups, members, the target of a reference. What the client did not ask
/// for is not read, and what it asked for is read by one statement for the whole page.
/// </summary>
internal sealed class ComputedAttributes
{
    /// <summary>Members of a page of groups that are read at once; beyond it each group is streamed by a statement of its own.</summary>
    private const int MembersAtOnce = 20_000;

    private readonly ScimDatabase database;
    private readonly ScimDbContext context;
    private readonly ResourceType type;
    private readonly Projection projection;

    public ComputedAttributes(ScimDatabase database, ScimDbContext context, ResourceType type, Projection projection)
    {
        this.database = database;
        this.context = context;
        this.type = type;
        this.projection = projection;
    }

    public async Task<IReadOnlyList<Resource>> AddToAsync(IReadOnlyList<ResourceRow> rows, CancellationToken cancellationToken)
    {
        var resources = rows.Select(row => row.ToResource(type)).ToArray();
        if (rows.Count == 0)
        {
            return resources;
        }

        await AddGroupsAsync(resources, cancellationToken);
        await AddMembersAsync(resources, cancellationToken);
        await AddReferencesAsync(rows, resources, cancellationToken);
        return resources;
    }

    private async Task AddGroupsAsync(Resource[] resources, CancellationToken cancellationToken)
    {
        if (type.GroupsAttribute is not { } attribute || !projection.Includes(attribute))
        {
            return;
        }

        var groups = await MembershipQueries.GroupsOfAsync(context, database.Dialect, [.. resources.Select(r => r.Id)], cancellationToken);
        for (var i = 0; i < resources.Length; i++)
        {
            resources[i] = resources[i] with { Groups = [.. groups[resources[i].Id]] };
        }
    }

    private async Task AddMembersAsync(Resource[] resources, CancellationToken cancellationToken)
    {
        if (type.MembersAttribute is not { } attribute || !projection.Includes(attribute))
        {
            return;
        }

        var pairs = await MembershipQueries.MembersOfAsync(context, [.. resources.Select(r => r.Id)], MembersAtOnce + 1, cancellationToken);
        var tooMany = pairs.Count > MembersAtOnce;
        var byGroup = pairs.ToLookup(pair => pair.GroupId, pair => pair.Member);
        for (var i = 0; i < resources.Length; i++)
        {
            var id = resources[i].Id;
            resources[i] = resources[i] with { Members = tooMany ? StreamAsync(id, cancellationToken) : byGroup[id].ToAsyncEnumerable() };
        }
    }

    /// <summary>Runs while the answer is written, so on a connection of its own, which it opens with the first member.</summary>
    private async IAsyncEnumerable<MemberReference> StreamAsync(
        Guid groupId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var own = database.Open(context.TenantId);
        await foreach (var member in MembershipQueries.MembersOf(own, groupId).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return member;
        }
    }

    private async Task AddReferencesAsync(IReadOnlyList<ResourceRow> rows, Resource[] resources, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.ReferenceId).OfType<Guid>().Distinct().ToArray();
        if (ids.Length == 0 || ResourceKeys.ReferenceAttribute(type) is not { } path)
        {
            return;
        }

        var accepted = path.Attribute!.FindSubAttribute("$ref")!.ReferenceTypes;
        var targets = await context.Resources
            .Where(row => ids.Contains(row.Id) && accepted.Contains(row.Type))
            .Select(row => new MemberReference(row.Id, row.Type, row.Display))
            .ToDictionaryAsync(target => target.Id, cancellationToken);
        for (var i = 0; i < resources.Length; i++)
        {
            if (rows[i].ReferenceId is { } id && targets.TryGetValue(id, out var target))
            {
                resources[i] = resources[i] with { Reference = new ResolvedReference(path, target) };
            }
        }
    }
}
