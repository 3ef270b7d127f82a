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

    private static readonly OutageAnswer Away =
        new(ScimErrors.Unavailable("The server's database does not answer at the moment. Try again in a few seconds.").Error, RetryAfterSeconds);

    /// <summary>Not 507: what identity providers do upon 503 is known.</summary>
    private static readonly OutageAnswer Full =
        new(ScimErrors.Unavailable("The server's database has no room left, so nothing was changed. Its operator has to make room. Try again later.").Error, "60");

    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    /// <summary>An outage that nobody has met for so long is over.</summary>
    private static readonly TimeSpan Over = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private long? toldAt;
    private long metAt;

    /// <summary>What is answered when a failure is one of the database; null when it is something else.</summary>
    public OutageAnswer? Of(Exception exception)
    {
        if (database.OutageIn(exception) is not { } outage)
        {
            return null;
        }

        if (IsNews())
        {
            (outage.IsFull ? (Action<ILogger, string>)Log.Full : Log.Away)(logger, outage.Reason);
        }

        return outage.IsFull ? Full : Away;
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

        [LoggerMessage(1007, LogLevel.Error, "The database has no room left; requests that write get 503: {Reason}")]
        public static partial void Full(ILogger logger, string reason);
    }
}

/// <summary>What is answered while the database cannot be worked with.</summary>
/// <param name="Error">The error, with status 503.</param>
/// <param name="RetryAfter">When to come again, in seconds.</param>
internal sealed record OutageAnswer(ScimError Error, string RetryAfter);
