using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;
using Scim.Json;
using Scim.Patching;
using Scim.Projections;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>Writes resources of the tenant that asks. Each call is one transaction that ends with its change record.</summary>
public sealed class ResourceStore
{
    private readonly ScimDatabase database;
    private readonly TenantContext tenant;
    private readonly TimeProvider time;
    private readonly ScimLimits limits;

    /// <summary>Made by the container.</summary>
    public ResourceStore(ScimDatabase database, TenantContext tenant, TimeProvider time, ScimLimits limits)
    {
        this.database = database;
        this.tenant = tenant;
        this.time = time;
        this.limits = limits;
    }

    /// <summary>The store for one write of an operation of a bulk: its change records have a <c>txn</c> of their own.</summary>
    /// <param name="index">The position of the operation in the request.</param>
    /// <param name="step">Which of its writes.</param>
    public ResourceStore ForOperation(int index, int step) => new(database, tenant.ForOperation(index, step), time, limits);

    /// <summary>Under which the change records of this store's writes are found.</summary>
    public Guid Txn => tenant.Txn;

    /// <summary>Creates a resource (RFC 7644 §3.3).</summary>
    /// <exception cref="ScimException">400 invalidValue; 409 uniqueness.</exception>
    public async Task<Resource> CreateAsync(ResourceType type, ResourceInput input, Projection projection, CancellationToken cancellationToken)
    {
        var (row, created) = Prepare(type, input);
        var shown = await WriteTransaction.RunAsync(
            database,
            tenant,
            write =>
            {
                write.OnUniqueViolation = Conflict(input.Document);
                return Write(write, row, row.Created, projection, type).InsertAsync(type, input.Members ?? [], created);
            },
            cancellationToken);
        return await ToResourceAsync(type, shown, projection, cancellationToken);
    }

    /// <summary>
    /// Creates several resources without members in one transaction: all of them, or none. For each it is as if it had been
    /// created by itself, by the operation of that position, but for the time that this takes. Each input is read and turned into its row
    /// before the next.
    /// </summary>
    /// <exception cref="ScimException">Nothing was created, because one of them is refused: created alone each tells which and why.</exception>
    public async Task<IReadOnlyList<(Resource Resource, Guid Txn)>> CreateTogetherAsync(
        ResourceType type, IEnumerable<(int Operation, ResourceInput Input)> inputs, CancellationToken cancellationToken)
    {
        var resources = inputs.Select(one =>
        {
            var (row, created) = Prepare(type, one.Input);
            return new NewResource(row, tenant.ForOperation(one.Operation), DeltaParts.Of(created).Single());
        }).ToArray();
        await WriteTransaction.RunAsync(
            database,
            tenant,
            async write =>
            {
                write.OnUniqueViolation = ScimErrors.Uniqueness($"There is already a {type.Name} with one of the {type.UniqueAttribute}s.");
                await write.Dialect.InsertAsync(write, resources);
                return true;
            },
            cancellationToken);
        return [.. resources.Select(resource => (resource.Row.ToResource(type), resource.Operation.Txn))];
    }

    /// <summary>Replaces a resource (RFC 7644 §3.5.1). What was left out is cleared, but for what is writeOnly or immutable.</summary>
    /// <exception cref="ScimException">400 invalidValue or mutability; 404; 409 uniqueness; 412.</exception>
    public Task<Resource> ReplaceAsync(
        ResourceType type, string id, ResourceInput input, VersionCondition condition, Projection projection, CancellationToken cancellationToken)
    {
        var passwordHash = Hash(input.Password);
        return ChangeAsync(type, id, condition, projection, ChangeKind.Replace, Replaced, cancellationToken);

        ResourceChange Replaced(ResourceDocument before)
        {
            var document = input.Document.Clone();
            ResourceValidator.Complete(document, before);
            ImmutableAttributes.Keep(document, before, RequestKind.Replace);
            ResourceValidator.Validate(document);
            return new ResourceChange(document, passwordHash, type.MembersAttribute is null ? [] : [new MembershipStep.Replace(input.Members ?? [])]);
        }
    }

    /// <summary>Applies a PATCH (RFC 7644 §3.5.2): all of its operations, or none.</summary>
    /// <exception cref="ScimException">400 with the scimType of the failing operation; 404; 409 uniqueness; 412.</exception>
    public Task<Resource> PatchAsync(
        ResourceType type, string id, PatchRequest patch, VersionCondition condition, Projection projection, CancellationToken cancellationToken)
    {
        return ChangeAsync(type, id, condition, projection, ChangeKind.Patch, Patched, cancellationToken);

        ResourceChange Patched(ResourceDocument before)
        {
            var outcome = PatchEngine.Apply(patch, before);
            return new ResourceChange(outcome.Document, Hash(outcome.Password), outcome.Members)
            {
                PasswordRemoved = outcome.PasswordRemoved,
                UniqueOperation = outcome.UniqueOperation,
            };
        }
    }

    /// <summary>Deletes a resource and every reference to it (RFC 7644 §3.6).</summary>
    /// <exception cref="ScimException">404; 412.</exception>
    public async Task DeleteAsync(ResourceType type, string id, VersionCondition condition, CancellationToken cancellationToken)
    {
        var key = Key(type, id);
        await WriteTransaction.RunAsync(
            database,
            tenant,
            async write =>
            {
                await new ResourceDeletion(write, tenant, type, limits, Now()).RunAsync(key, id, row => condition.Check(row.Version), cancellationToken);
                return true;
            },
            cancellationToken);
    }

    private (ResourceRow Row, Delta Created) Prepare(ResourceType type, ResourceInput input)
    {
        ResourceValidator.Validate(input.Document);
        var now = Now();
        var row = new ResourceRow
        {
            TenantId = tenant.TenantId,
            Id = Guid.CreateVersion7(now),
            Type = type.Name,
            Created = now,
            LastModified = now,
            Version = 1,
            Document = [],
            Search = "",
            PasswordHash = Hash(input.Password),
        };
        ResourceKeys.Fill(row, input.Document, limits);
        return (row, new Delta { Document = input.Document, Secret = input.Password is null ? null : type.PasswordAttribute });
    }

    private async Task<Resource> ChangeAsync(
        ResourceType type,
        string id,
        VersionCondition condition,
        Projection projection,
        string kind,
        Func<ResourceDocument, ResourceChange> change,
        CancellationToken cancellationToken)
    {
        var key = Key(type, id);
        var shown = await WriteTransaction.RunAsync(
            database,
            tenant,
            async write =>
            {
                var stored = await LockedRows.FindAsync(write, type, key, write.Dialect.LockForUpdate, cancellationToken)
                    ?? throw ScimErrors.ResourceNotFound(type.Name, id);
                condition.Check(stored.Version);
                var before = stored.ToDocument(type);
                var changed = change(before);
                write.OnUniqueViolation = Conflict(changed.Document, changed.UniqueOperation);
                return await Write(write, stored, Now(), projection, type).UpdateAsync(before, changed, kind, limits);
            },
            cancellationToken);
        return await ToResourceAsync(type, shown, projection, cancellationToken);
    }

    private ResourceWrite Write(WriteTransaction write, ResourceRow row, DateTimeOffset now, Projection projection, ResourceType type) =>
        new(write, tenant, row, now, ComputedAttributes.AsksForGroups(type, projection));

    private async Task<Resource> ToResourceAsync(ResourceType type, ShownRow row, Projection projection, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenant.TenantId);
        return (await new ComputedAttributes(database, context, type, projection).AddToAsync([row], cancellationToken))[0];
    }

    private static Guid Key(ResourceType type, string id) =>
        ResourceId.TryParse(id, out var key) ? key : throw ScimErrors.ResourceNotFound(type.Name, id);

    private static ScimException? Conflict(ResourceDocument document, int? operation = null)
    {
        if (document.Type.UniqueAttribute is not { } attribute)
        {
            return null;
        }

        var value = JsonText.AsString(document[attribute]) ?? "";
        var conflict = Taken(document.Type.Name, attribute, value);
        return operation is { } index ? conflict.In(index) : conflict;
    }

    /// <summary>409 uniqueness: another resource of the type has the value.</summary>
    internal static ScimException Taken(string type, SchemaAttribute attribute, string value) =>
        ScimErrors.Uniqueness($"There is already a {type} with the {attribute.Name} \"{ScimErrors.Shorten(value)}\".");

    private static string? Hash(string? password) => password is null ? null : Passwords.Hash(password);

    /// <summary>To the millisecond, as times are sent.</summary>
    private DateTimeOffset Now() => Meta.Cut(time.GetUtcNow());
}
