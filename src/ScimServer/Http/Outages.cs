using Scim.EntityFrameworkCore;
using Scim.Errors;

namespace ScimServer.Http;

/// <summary>
/// Tells failures of the database from those of the server: 503 is repeated by identity providers as it is, 500 counts as a fault. The log says
/// what the database says, once a minute for as long as it lasts, however many requests and workers meet it.
/// </summary>
internal sealed partial class Outages(ScimDatabase database, TimeProvider time, ILogger<Outages> logger)
{
    /// <summary>When to come again: about as long as a standby needs to take over, and no burden if it is longer.</summary>
    public const string RetryAfterSeconds = "5";

    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    /// <summary>An outage that nobody has met for so long is over.</summary>
    private static readonly TimeSpan Over = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private long? toldAt;
    private long metAt;

    /// <summary>What is answered when a failure is one of the database; null when it is something else.</summary>
    public ScimError? Of(Exception exception)
    {
        if (database.OutageIn(exception) is not { } outage)
        {
            return null;
        }

        if (IsNews())
        {
            Log.Away(logger, outage.Reason);
        }

        return ScimErrors.Unavailable("The server's database does not answer at the moment. Try again in a few seconds.").Error;
    }

    private bool IsNews()
    {
        lock (gate)
        {
            var (now, before) = (time.GetTimestamp(), metAt);
            metAt = now;
            if (toldAt is { } told && time.GetElapsedTime(told, now) < Silence && time.GetElapsedTime(before, now) < Over)
            {
                return false;
            }

            toldAt = now;
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1006, LogLevel.Warning, "The database cannot be worked with at the moment; requests that need it get 503: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
