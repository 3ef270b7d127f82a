using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Memberships;
using Scim.Projections;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>
/// Adds to the resources of a page what is computed: groups, members, the target of a reference. What the client did not ask
/// for is not read, and what it asked for is read by one statement for the whole page, unless the rows came with it.
/// </summary>
internal sealed class ComputedAttributes
{
    /// <summary>Members of a page of groups that are read at once; beyond it each group is streamed by a statement of its own.</summary>
    private const int MembersAtOnce = 20_000;

    private readonly ScimDatabase database;
    private readonly ScimDbContext context;
    private readonly ResourceType type;
    private readonly bool withMembers;
    private readonly bool withGroups;

    public ComputedAttributes(ScimDatabase database, ScimDbContext context, ResourceType type, Projection projection)
    {
        this.database = database;
        this.context = context;
        this.type = type;
        withGroups = AsksForGroups(type, projection);
        withMembers = type.MembersAttribute is { } members && projection.Includes(members);
    }

    /// <summary>Whether an answer with the projection shows the groups of a resource.</summary>
    public static bool AsksForGroups(ResourceType type, Projection projection) => type.GroupsAttribute is { } groups && projection.Includes(groups);

    /// <summary>Reads what is computed for the rows of a page.</summary>
    public async Task<IReadOnlyList<Resource>> AddToAsync(IReadOnlyList<ShownRow> rows, CancellationToken cancellationToken)
    {
        var resources = rows.Select(ToResource).ToArray();
        if (rows.Count > 0 && (withGroups || withMembers))
        {
            await AddGroupsAsync(rows, resources, cancellationToken);
            await AddMembersAsync(resources, cancellationToken);
        }

        return resources;
    }

    private async Task AddGroupsAsync(IReadOnlyList<ShownRow> rows, Resource[] resources, CancellationToken cancellationToken)
    {
        if (!withGroups)
        {
            return;
        }

        var ids = resources.Select(resource => resource.Id).ToArray();
        var groups = rows.All(row => row.Groups is not null)
            ? rows.SelectMany(row => row.Groups!).ToList()
            : await MembershipQueries.DirectGroupsAsync(context, database.Dialect, ids, cancellationToken);
        await MembershipQueries.AddOuterGroupsAsync(context, database.Dialect, groups, ids, cancellationToken);
        var byMember = groups.ToLookup(group => group.MemberId);
        for (var i = 0; i < resources.Length; i++)
        {
            resources[i] = resources[i] with { Groups = MembershipQueries.AllGroups(resources[i].Id, byMember) };
        }
    }

    private async Task AddMembersAsync(Resource[] resources, CancellationToken cancellationToken)
    {
        if (!withMembers)
        {
            return;
        }

        var pairs = await MembershipQueries.MembersAsync(context, database.Dialect, [.. resources.Select(resource => resource.Id)], MembersAtOnce + 1, cancellationToken);
        var tooMany = pairs.Count > MembersAtOnce;
        var byGroup = pairs.ToLookup(pair => pair.GroupId, pair => pair.Member);
        for (var i = 0; i < resources.Length; i++)
        {
            var id = resources[i].Id;
            resources[i] = resources[i] with { Members = tooMany ? StreamAsync(id, cancellationToken) : byGroup[id].ToAsyncEnumerable() };
        }
    }

    /// <summary>With what the row itself tells; the target counts when it is of a type that the attribute may refer to.</summary>
    private Resource ToResource(ShownRow row)
    {
        var resource = row.Row.ToResource(type);
        return row.Target is { } target
            && ResourceKeys.ReferenceAttribute(type) is { } path
            && path.Attribute!.FindSubAttribute("$ref")!.ReferenceTypes.Contains(target.ResourceType)
            ? resource with { Reference = new ResolvedReference(path, target) }
            : resource;
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
}
