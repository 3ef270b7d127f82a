using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Filters;
using Scim.EntityFrameworkCore.Rows;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore;

/// <summary>
/// The database, seen by one tenant: queries of resources, memberships, counts and changes return that tenant's rows only.
/// Opened through <see cref="ScimDatabase"/>, which sets the tenant. What differs between databases is in the two subclasses.
/// </summary>
public abstract class ScimDbContext : DbContext
{
    /// <summary>Called by the subclass of a database.</summary>
    protected ScimDbContext(DbContextOptions options)
        : base(options)
    {
    }

    /// <summary>The tenant whose rows are seen.</summary>
    public int TenantId { get; internal set; }

    /// <summary>The second argument of <see cref="Filters.ScimFunctions.Matches"/>: a filter that the document alone decides, as this database asks it.</summary>
    internal abstract string DocumentArgument(ResourceType type, BoundFilter document);

    /// <summary>The resources of the tenant.</summary>
    public DbSet<ResourceRow> Resources => Set<ResourceRow>();

    /// <summary>The memberships of the tenant.</summary>
    public DbSet<MembershipRow> Memberships => Set<MembershipRow>();

    /// <summary>The change log of the tenant.</summary>
    public DbSet<ChangeRow> Changes => Set<ChangeRow>();

    /// <summary>How far the old changes of the tenant have been deleted.</summary>
    public DbSet<ChangeHorizonRow> ChangeHorizons => Set<ChangeHorizonRow>();

    /// <summary>The numbers of resources of the tenant.</summary>
    public DbSet<ResourceCountRow> ResourceCounts => Set<ResourceCountRow>();

    /// <summary>The provisioning log of the tenant.</summary>
    public DbSet<RequestRow> Requests => Set<RequestRow>();

    /// <summary>How many requests there were, of all tenants.</summary>
    public DbSet<RequestCountRow> RequestCounts => Set<RequestCountRow>();

    /// <summary>Requests that failed before their tenant was known.</summary>
    public DbSet<RefusedRequestRow> RefusedRequests => Set<RefusedRequestRow>();

    /// <summary>All tenants.</summary>
    public DbSet<TenantRow> Tenants => Set<TenantRow>();

    /// <summary>The access tokens of all tenants and of the operator: a token is looked up before its tenant is known.</summary>
    public DbSet<AccessTokenRow> AccessTokens => Set<AccessTokenRow>();

    /// <summary>The clients of all tenants: one is looked up before its tenant is known.</summary>
    public DbSet<ClientRow> Clients => Set<ClientRow>();

    /// <summary>The secrets of the clients of all tenants.</summary>
    public DbSet<ClientSecretRow> ClientSecrets => Set<ClientSecretRow>();

    /// <summary>What operators did.</summary>
    public DbSet<AdminActionRow> AdminActions => Set<AdminActionRow>();

    /// <summary>The secrets that all instances share.</summary>
    public DbSet<ServerKeyRow> ServerKeys => Set<ServerKeyRow>();

    /// <summary>Which instance does what only one may do at a time.</summary>
    public DbSet<LeaseRow> Leases => Set<LeaseRow>();

    /// <summary>The addresses to which events are sent, of all tenants and of the operator.</summary>
    public DbSet<WebhookEndpointRow> WebhookEndpoints => Set<WebhookEndpointRow>();

    /// <summary>How far events have been delivered.</summary>
    public DbSet<WebhookPositionRow> WebhookPositions => Set<WebhookPositionRow>();

    /// <summary>Events that are still to be delivered though the position is past them.</summary>
    public DbSet<WebhookRetryRow> WebhookRetries => Set<WebhookRetryRow>();

    /// <summary>Attempts to deliver.</summary>
    public DbSet<WebhookAttemptRow> WebhookAttempts => Set<WebhookAttemptRow>();

    /// <summary>What the operator should hear of.</summary>
    public DbSet<OperationalEventRow> OperationalEvents => Set<OperationalEventRow>();

    /// <summary>The streams of security event tokens of the tenant.</summary>
    public DbSet<EventStreamRow> EventStreams => Set<EventStreamRow>();

    /// <summary>Which streams of all tenants are pushed.</summary>
    public DbSet<PushStreamRow> PushStreams => Set<PushStreamRow>();

    /// <summary>Which streams of all tenants are polled.</summary>
    public DbSet<PollStreamRow> PollStreams => Set<PollStreamRow>();

    /// <summary>The tokens of those streams that wait to be acknowledged.</summary>
    public DbSet<IssuedSetRow> IssuedSets => Set<IssuedSetRow>();

    /// <summary>What went wrong with tokens of those streams.</summary>
    public DbSet<StreamErrorRow> StreamErrors => Set<StreamErrorRow>();

    /// <summary>The keys that sign tokens.</summary>
    public DbSet<SigningKeyRow> SigningKeys => Set<SigningKeyRow>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ScimDbContext).Assembly);
        modelBuilder.Entity<ResourceRow>().HasQueryFilter(row => row.TenantId == TenantId);
        modelBuilder.Entity<MembershipRow>().HasQueryFilter(row => row.TenantId == TenantId);
        modelBuilder.Entity<ChangeRow>().HasQueryFilter(row => row.TenantId == TenantId);
        modelBuilder.Entity<ChangeHorizonRow>().HasQueryFilter(row => row.TenantId == TenantId);
        modelBuilder.Entity<ResourceCountRow>().HasQueryFilter(row => row.TenantId == TenantId);
        modelBuilder.Entity<EventStreamRow>().HasQueryFilter(row => row.TenantId == TenantId);
        modelBuilder.Entity<IssuedSetRow>().HasQueryFilter(row => row.TenantId == TenantId);
        modelBuilder.Entity<StreamErrorRow>().HasQueryFilter(row => row.TenantId == TenantId);
        modelBuilder.Entity<RequestRow>().HasQueryFilter(row => row.TenantId == TenantId);
        modelBuilder.HasDbFunction(typeof(ScimFunctions).GetMethod(nameof(ScimFunctions.Matches))!).HasName("scim_matches");
    }
}
