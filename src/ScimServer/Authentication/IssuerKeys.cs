using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace ScimServer.Authentication;

/// <summary>
/// The keys of one issuer. They are read when the first token comes, again every hour, and when a token names a key that is not among them
/// (at most every ten seconds). While the issuer does not answer, the keys that are known stay in use.
/// </summary>
internal sealed partial class IssuerKeys(JwtIssuerOptions options, HttpClient http, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan AskAtMostEvery = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private volatile Known known = new([], Version: 0, IsCurrent: false);
    private Task reading = Task.CompletedTask;
    private long? askedAt;
    private long readAt;

    /// <summary>Changes when keys have been read: what was verified before is verified again.</summary>
    public int Version => known.Version;

    /// <summary>The keys that a token can be signed with: the one that it names, or all when it names none. Empty when the issuer has no such key.</summary>
    /// <exception cref="IssuerUnavailableException">The issuer cannot be asked, so it is not known whether it has the key.</exception>
    public async ValueTask<IReadOnlyList<SecurityKey>> FindAsync(string? kid, CancellationToken cancellationToken)
    {
        var found = known.Find(kid);
        if (found.Count > 0)
        {
            if (time.GetElapsedTime(Interlocked.Read(ref readAt)) >= ReadAgainAfter)
            {
                _ = ReadOnceAsync();
            }

            return found;
        }

        await ReadOnceAsync().WaitAsync(cancellationToken);
        found = known.Find(kid);
        return found.Count > 0 || known.IsCurrent ? found : throw new IssuerUnavailableException(options.Name);
    }

    /// <summary>All who wait, wait for the same answer.</summary>
    private Task ReadOnceAsync()
    {
        lock (gate)
        {
            if (reading.IsCompleted && !(askedAt is { } last && time.GetElapsedTime(last) < AskAtMostEvery))
            {
                askedAt = time.GetTimestamp();
                reading = Task.Run(ReadAsync);
            }

            return reading;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            known = new Known(await IssuerMetadata.ReadKeysAsync(http, options, CancellationToken.None), known.Version + 1, IsCurrent: true);
            Interlocked.Exchange(ref readAt, time.GetTimestamp());
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException or InvalidDataException or ArgumentException or InvalidOperationException)
        {
            known = known with { IsCurrent = false };
            Log.NotRead(logger, options.Name, exception.Message);
        }
    }

    private sealed record Known(IReadOnlyList<SecurityKey> Keys, int Version, bool IsCurrent)
    {
        public IReadOnlyList<SecurityKey> Find(string? kid) =>
            string.IsNullOrEmpty(kid) ? Keys : [.. Keys.Where(key => string.Equals(key.KeyId, kid, StringComparison.Ordinal))];
    }

    private static partial class Log
    {
        [LoggerMessage(3002, LogLevel.Warning, "The keys of the issuer {Issuer} could not be read: {Reason}. Keys that are known stay in use, others are refused")]
        public static partial void NotRead(ILogger logger, string issuer, string reason);
    }
}

/// <summary>An issuer's keys are not known and cannot be read at the moment.</summary>
internal sealed class IssuerUnavailableException(string issuer) : Exception($"The keys of the issuer {issuer} cannot be read.");
