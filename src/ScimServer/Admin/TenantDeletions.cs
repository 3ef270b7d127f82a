using System.Data.Common;
using System.Threading.Channels;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Admin;

/// <summary>Deletes tenants behind the requests that ask for it, one after the other.</summary>
public sealed partial class TenantDeletions(Tenants tenants, TenantDeletion deletion, ILogger<TenantDeletions> logger) : BackgroundService
{
    private const int MaxWaiting = 100;

    private readonly Channel<(string Name, string Actor)> waiting = Channel.CreateBounded<(string, string)>(MaxWaiting);

    /// <summary>Refuses the tenant's tokens, and has the rest deleted.</summary>
    /// <exception cref="AccessException">There is no such tenant, or too many are waiting to be deleted.</exception>
    public async Task<Tenant> BeginAsync(string name, CancellationToken cancellationToken)
    {
        var tenant = await tenants.MarkDeletedAsync(name, cancellationToken);
        return waiting.Writer.TryWrite((name, AdminActor.Current))
            ? tenant
            : throw new AccessException("Too many tenants are being deleted. Try again later.") { Fault = AccessFault.Conflict };
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (name, actor) in waiting.Reader.ReadAllAsync(stoppingToken))
            {
                using (AdminActor.Act(actor))
                {
                    await DeleteAsync(name, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is left is deleted when it is asked for again.
        }
    }

    private async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await deletion.RunAsync(name, new Progress<TenantDeletionProgress>(), cancellationToken);
            Log.Deleted(logger, name);
        }
        catch (AccessException)
        {
            // It was asked for twice, and done at the first time.
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            Log.Failed(logger, name, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3101, LogLevel.Information, "Deleted the tenant {Tenant}")]
        public static partial void Deleted(ILogger logger, string tenant);

        [LoggerMessage(3102, LogLevel.Error, "The tenant {Tenant} could not be deleted wholly; delete it again")]
        public static partial void Failed(ILogger logger, string tenant, Exception exception);
    }
}
