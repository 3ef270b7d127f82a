using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Startup;

/// <summary>Gives an empty database its first tenant and token.</summary>
internal sealed partial class FirstRun(Tenants tenants, AccessTokens tokens, IOptions<StartupOptions> options, ILogger<FirstRun> logger)
{
    private const string TokenName = "first-run";

    /// <summary>Whether there is no tenant yet.</summary>
    public async Task<bool> IsNeededAsync(CancellationToken cancellationToken) => (await tenants.ListAsync(cancellationToken)).Count == 0;

    /// <summary>
    /// Creates the default tenant and its token unless there is a tenant. Of several instances that start at once, the one
    /// whose tenant the unique index accepts goes on; the others find that there is one.
    /// </summary>
    public async Task<FirstRunOutcome> RunAsync(CancellationToken cancellationToken)
    {
        if (!await IsNeededAsync(cancellationToken))
        {
            return new FirstRunOutcome.NotFirst();
        }

        try
        {
            await tenants.CreateAsync(Tenants.DefaultName, cancellationToken);
        }
        catch (AccessException)
        {
            return new FirstRunOutcome.NotFirst();
        }

        return await GiveTokenAsync(cancellationToken);
    }

    private async Task<FirstRunOutcome> GiveTokenAsync(CancellationToken cancellationToken)
    {
        if (options.Value.BootstrapToken is { Length: > 0 } chosen)
        {
            await tokens.ImportAsync(Tenants.DefaultName, TokenName, chosen, cancellationToken);
            Log.Created(logger, Tenants.DefaultName, "Scim:BootstrapToken");
            return new FirstRunOutcome.Bootstrapped();
        }

        var issued = await tokens.CreateAsync(Tenants.DefaultName, TokenName, expiresAt: null, cancellationToken);
        Log.Created(logger, Tenants.DefaultName, "a new token");
        return new FirstRunOutcome.Issued(issued.Secret);
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Information, "The database was empty: created the tenant {Tenant} with {TokenSource}")]
        public static partial void Created(ILogger logger, string tenant, string tokenSource);
    }
}

/// <summary>What the start found and made.</summary>
internal abstract record FirstRunOutcome
{
    /// <summary>There were tenants already, or another instance was faster.</summary>
    public sealed record NotFirst : FirstRunOutcome;

    /// <summary>The operator's token was taken over; it is not printed.</summary>
    public sealed record Bootstrapped : FirstRunOutcome;

    /// <summary>A token was made, to be printed this once.</summary>
    public sealed record Issued(string Secret) : FirstRunOutcome
    {
        /// <summary>Without the secret: a record prints its members, and this one may end up in a log.</summary>
        public override string ToString() => nameof(Issued);
    }
}
