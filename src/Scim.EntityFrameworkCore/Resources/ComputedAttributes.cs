using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Memberships;
using Scim.Projections;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>
/// Adds to the resources of a page what is computed: groups, members, the target of a reference. What the client did not ask
/// for is not read, and what it asked for is read in one round trip for the whole page, or in that which reads the row.
/// </summary>
internal sealed class ComputedAttributes
{
    /// <summary>Members of a page of groups that are read at once; beyond it each group is streamed by a statement of its own.</summary>
    private const int MembersAtOnce = 20_000;

    private readonly ScimDatabase database;
    private readonly ScimDbContext context;
    private readonly ResourceType type;
    private readonly bool withGroups;
    private readonly bool withMembers;

    public ComputedAttributes(ScimDatabase database, ScimDbContext context, ResourceType type, Projection projection)
    {
        this.database = database;
        this.context = context;
        this.type = type;
        withGroups = type.GroupsAttribute is { } groups && projection.Includes(groups);
        withMembers = type.MembersAttribute is { } members && projection.Includes(members);
    }

    /// <summary>Reads what is computed for the rows of a page.</summary>
    public async Task<IReadOnlyList<Resource>> AddToAsync(IReadOnlyList<ShownRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0 || !(withGroups || withMembers))
        {
            return [.. rows.Select(ToResource)];
        }

        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        AppendTo(command, [.. rows.Select(row => row.Row.Id)]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, rows, cancellationToken);
    }

    /// <summary>Appends the statements that <see cref="ReadAsync"/> reads to a command.</summary>
    public void AppendTo(DbCommand command, IReadOnlyList<Guid> ids)
    {
        var dialect = database.Dialect;
        if (withGroups && ids.Count == 1)
        {
            command.CommandText += MembershipQueries.DirectGroupsOfOne;
            dialect.AddValue(command, MembershipQueries.IdParameter, ids[0]);
        }
        else if (withGroups)
        {
            command.CommandText += MembershipQueries.DirectGroups(dialect);
        }

        if (withMembers)
        {
            command.CommandText += MembershipQueries.Members(dialect, MembersAtOnce + 1);
        }

        if (withMembers || (withGroups && ids.Count > 1))
        {
            dialect.AddIds(command, MembershipQueries.IdsParameter, ids);
        }

        if (withGroups || withMembers)
        {
            dialect.AddValue(command, MembershipQueries.TenantParameter, context.TenantId);
        }
    }

    /// <summary>Reads the results of the appended statements, the first of which the reader is at, and ends the reader.</summary>
    public async Task<IReadOnlyList<Resource>> ReadAsync(DbDataReader reader, IReadOnlyList<ShownRow> rows, CancellationToken cancellationToken)
    {
        var resources = rows.Select(ToResource).ToArray();
        var groups = new List<DirectGroup>();
        if (withGroups)
        {
            groups = await MembershipQueries.ReadDirectGroupsAsync(reader, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
        }

        if (withMembers)
        {
            AddMembers(resources, await MembershipQueries.ReadMembersAsync(reader, cancellationToken));
        }

        await reader.DisposeAsync();
        if (withGroups)
        {
            await MembershipQueries.AddOuterGroupsAsync(context, database.Dialect, groups, [.. resources.Select(resource => resource.Id)], cancellationToken);
            AddGroups(resources, groups);
        }

        return resources;
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

    private static void AddGroups(Resource[] resources, List<DirectGroup> groups)
    {
        var byMember = groups.ToLookup(group => group.MemberId);
        for (var i = 0; i < resources.Length; i++)
        {
            resources[i] = resources[i] with { Groups = MembershipQueries.AllGroups(resources[i].Id, byMember) };
        }
    }

    private void AddMembers(Resource[] resources, List<(Guid GroupId, MemberReference Member)> pairs)
    {
        var tooMany = pairs.Count > MembersAtOnce;
        var byGroup = pairs.ToLookup(pair => pair.GroupId, pair => pair.Member);
        for (var i = 0; i < resources.Length; i++)
        {
            var id = resources[i].Id;
            resources[i] = resources[i] with { Members = tooMany ? StreamAsync(id) : byGroup[id].ToAsyncEnumerable() };
        }
    }

    /// <summary>Runs while the answer is written, so on a connection of its own, which it opens with the first member.</summary>
    private async IAsyncEnumerable<MemberReference> StreamAsync(
        Guid groupId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var own = database.Open(context.TenantId);
        await foreach (var member in MembershipQueries.MembersOf(own, groupId).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return member;
        }
    }
}
