using Microsoft.EntityFrameworkCore.Metadata;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore;

/// <summary>The tables that hold rows of tenants, as the model names them: each has <c>tenant_id</c>, and its keys begin with it.</summary>
internal static class TenantTables
{
    /// <summary>Credentials are found before the tenant is known, and counts of requests are read over all tenants.</summary>
    private static readonly Type[] Open = [typeof(AccessTokenRow), typeof(ClientRow), typeof(ClientSecretRow), typeof(RequestCountRow)];

    /// <summary>All of them, those that refer to others first.</summary>
    public static IReadOnlyList<IEntityType> Of(IModel model)
    {
        var ordered = new List<IEntityType>();
        var waiting = model.GetEntityTypes()
            .Where(type => type.FindProperty(nameof(ResourceRow.TenantId)) is not null)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .ToList();
        while (waiting.Count > 0)
        {
            var next = waiting.First(type => !waiting.Any(other => other != type && other.GetForeignKeys().Any(key => key.PrincipalEntityType == type)));
            ordered.Add(next);
            waiting.Remove(next);
        }

        return ordered;
    }

    /// <summary>The work of the server for all tenants: numbers of events and of streams, and nothing of what is in them.</summary>
    private static readonly HashSet<Type> Deliveries =
        [typeof(WebhookEndpointRow), typeof(WebhookPositionRow), typeof(WebhookRetryRow), typeof(WebhookAttemptRow), typeof(PushStreamRow), typeof(PollStreamRow)];

    /// <summary>
    /// Those that are read and written only when the tenant is known. Credentials are found before, counts of requests are read over all tenants, and
    /// deliveries are a list of work.
    /// </summary>
    public static IEnumerable<IEntityType> Walled(IModel model) => Of(model).Where(type => !Open.Contains(type.ClrType) && !Deliveries.Contains(type.ClrType));
}
