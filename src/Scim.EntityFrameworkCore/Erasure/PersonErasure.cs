using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Resources;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Erasure;

/// <summary>
/// Removes a person from the resources of a tenant, from its change log and from its provisioning log. What stays are bare facts (number, kind, id,
/// time, actor, txn and version of changes; method, route, status and id of requests), so that orders, cursors and the audit stand. Readers of
/// events hear of it by a delete that says <c>erased</c>, also when the person had been deleted before. What was interrupted is continued by
/// erasing again, by id.
/// </summary>
public sealed class PersonErasure
{
    private const int NotFound = 404;

    /// <summary>Failed requests are written to the log within a second of their answer, by every instance.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>How long a request that has just been written to the log may have taken.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(10);

    private readonly ScimDatabase database;
    private readonly SchemaRegistry schemas;
    private readonly ScimLimits limits;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public PersonErasure(ScimDatabase database, SchemaRegistry schemas, ScimLimits limits, TimeProvider time)
    {
        this.database = database;
        this.schemas = schemas;
        this.limits = limits;
        this.time = time;
    }

    /// <summary>The id of the person.</summary>
    /// <exception cref="AccessException">There is no such user, or several; or not exactly one name was given.</exception>
    public async Task<Guid> FindAsync(int tenantId, PersonName name, CancellationToken cancellationToken)
    {
        if (((object?[])[name.Id, name.UserName, name.ExternalId]).Count(given => given is not null) != 1)
        {
            throw new AccessException("Give one of \"id\", \"userName\" and \"externalId\".") { Field = "id" };
        }

        if (name.Id is { } id)
        {
            return id;
        }

        var user = schemas.ResourceTypes.First(type => type.Schema.Id == SchemaUrns.User);
        await using var context = database.Open(tenantId);
        var users = context.Resources.Where(row => row.Type == user.Name);
        var field = name.UserName is null ? "externalId" : "userName";
        var key = name.UserName is null ? Folding.Normalize(name.ExternalId!) : Folding.Fold(user.UniqueAttribute!, name.UserName);
        var named = name.UserName is null ? users.Where(row => row.ExternalId == key) : users.Where(row => row.UniqueKey == key);
        var found = await named.Select(row => row.Id).Take(2).ToListAsync(cancellationToken);
        return found switch
        {
            [var only] => only,
            [] => throw new AccessException($"There is no user with this {field}. Who was deleted before is erased by id.") { Field = field, Fault = AccessFault.NotFound },
            _ => throw new AccessException($"Several users have this {field}. Erase each by its id.") { Field = field, Fault = AccessFault.Conflict },
        };
    }

    /// <summary>Erases the person.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="person">The person's id.</param>
    /// <param name="txn">The reference of the request that asked for it; the changes carry it.</param>
    /// <param name="cancellationToken">Heeded between transactions.</param>
    /// <returns>What was removed; nothing when the person has been erased already.</returns>
    /// <exception cref="AccessException">Nothing is known of the id, or it is that of a group.</exception>
    public async Task<Erased> RunAsync(Tenant tenant, Guid person, Guid txn, CancellationToken cancellationToken)
    {
        var log = new ErasedChanges(database, tenant.Id, person);
        var last = await log.LastAsync(cancellationToken);
        var row = await RowAsync(tenant.Id, person, cancellationToken);
        var typeName = row?.Type ?? last?.ResourceType;
        var type = typeName is null ? null : schemas.FindResourceType(typeName);
        if (type?.MembersAttribute is not null)
        {
            throw new AccessException($"{person} is a {typeName}, and not a person.") { Field = "id" };
        }

        if (row is not null && type is null)
        {
            throw new AccessException($"{person} is a {typeName}, of which no schema is loaded. Load it, and erase again.") { Fault = AccessFault.Conflict };
        }

        var values = new PersonalValues(person, schemas);
        await log.CollectAsync(values, cancellationToken);
        Collect(values, row);
        var texts = new ErasedTexts(database, tenant.Id, values);
        var erased = new Erased(person) { ResourceType = typeName, Requests = await texts.EraseRequestsAsync(DateTimeOffset.UnixEpoch, cancellationToken) };

        // From here on nobody can change the person; what is read by others is the delete.
        erased = await DeleteAsync(tenant, txn, erased, row, last, cancellationToken);
        if (typeName is null && !erased.IsAny)
        {
            throw new AccessException($"Nothing is known of the id {person}.") { Field = "id", Fault = AccessFault.NotFound };
        }

        await log.CollectAsync(values, cancellationToken);
        erased = erased with
        {
            GroupChanges = await log.EraseOfGroupsAsync(cancellationToken),
            StreamErrors = await texts.EraseStreamErrorsAsync(cancellationToken),
        };
        await Task.Delay(Settling, time, cancellationToken);
        erased = erased with { Requests = erased.Requests + await texts.EraseRequestsAsync(time.GetUtcNow() - LongestRequest, cancellationToken) };

        // Last, because they hold the values that a second attempt would look for.
        erased = erased with { Changes = await log.EraseOfPersonAsync(cancellationToken) };
        await NoteAsync(tenant, erased);
        return erased;
    }

    private static void Collect(PersonalValues values, ResourceRow? row)
    {
        if (row is not null)
        {
            values.Add(row.ExternalId);
            values.Add(row.Display);
            using var document = System.Text.Json.JsonDocument.Parse(row.Document);
            values.AddFrom(document.RootElement);
        }
    }

    private async Task<ResourceRow?> RowAsync(int tenantId, Guid person, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        return await context.Resources.SingleOrDefaultAsync(row => row.Id == person, cancellationToken);
    }

    /// <summary>Deletes the person, or where that was done before tells of the erasure by another delete, once.</summary>
    private async Task<Erased> DeleteAsync(
        Tenant tenant, Guid txn, Erased erased, ResourceRow? row, ChangeRow? last, CancellationToken cancellationToken)
    {
        if (row is null && (last is null || last is { IsErased: true, Kind: ChangeKind.Delete }))
        {
            return erased;
        }

        var context = TenantContext.OfOperator(tenant, txn);
        var now = Meta.Cut(time.GetUtcNow());
        try
        {
            var outcome = await WriteTransaction.RunAsync(
                database,
                context,
                async write =>
                {
                    AdminLog.Note(write.Context, now, "person.erase", tenant.Name, detail: $"{erased.ResourceType} {erased.Id}");
                    await write.Context.SaveChangesAsync(CancellationToken.None);
                    write.Context.ChangeTracker.Clear();
                    if (row is null)
                    {
                        await TellAsync(write, context, last!, now);
                        return default;
                    }

                    var deletion = new ResourceDeletion(write, context, schemas.FindResourceType(row.Type)!, limits, now);
                    return await deletion.RunAsync(row.Id, row.Id.ToString(), _ => { }, cancellationToken, erases: true);
                },
                cancellationToken);
            return erased with { Resources = row is null ? 0 : 1, Memberships = outcome.Memberships, References = outcome.References };
        }
        catch (ScimException refusal) when (refusal.Error.Status == NotFound)
        {
            throw new AccessException($"{erased.Id} was deleted meanwhile. Erase it again.") { Fault = AccessFault.Conflict };
        }
    }

    private static async Task TellAsync(WriteTransaction write, TenantContext context, ChangeRow last, DateTimeOffset now)
    {
        var gone = new ResourceRow
        {
            TenantId = last.TenantId,
            Id = last.ResourceId,
            Type = last.ResourceType,
            Created = now,
            LastModified = now,
            Version = last.Version + 1,
            Document = [],
            Search = "",
        };
        await using var command = write.CreateCommand();
        await command.ExecuteWithChangeAsync(write, context, gone, ChangeKind.Delete, now, new Delta { IsErased = true });
    }

    private async Task NoteAsync(Tenant tenant, Erased erased)
    {
        using var turn = await database.Dialect.EnterWriteAsync(CancellationToken.None);
        await using var context = database.OpenForAccess();
        AdminLog.Note(context, time.GetUtcNow(), "person.erased", tenant.Name, detail: $"{erased.ResourceType} {erased.Id}: {erased}");
        await context.SaveChangesAsync(CancellationToken.None);
    }
}
