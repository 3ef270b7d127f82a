using System.Text.Json;
using Scim.Json;

namespace Scim.EntityFrameworkCore.Webhooks;

/// <summary>An attempt to deliver an event.</summary>
/// <param name="Seq">The number of the event.</param>
/// <param name="At">When it began.</param>
/// <param name="Number">The how manieth for this event it was, from 1.</param>
/// <param name="Status">The status of the answer; null when there was none.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Error">What failed; null when it succeeded.</param>
/// <param name="Next">When the next attempt is; null when there is none.</param>
public sealed record WebhookAttempt(long Seq, DateTimeOffset At, int Number, int? Status, long Milliseconds, string? Error, DateTimeOffset? Next)
{
    /// <summary>Whether the event was taken.</summary>
    public bool IsSuccess => Error is null;

    /// <summary>Writes attempts in a compact form, since there is one for every event and endpoint: an array of arrays.</summary>
    internal static string Write(IEnumerable<WebhookAttempt> attempts)
    {
        using var json = JsonBuffer.Rent();
        var writer = json.Writer;
        writer.WriteStartArray();
        foreach (var attempt in attempts)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(attempt.Seq);
            writer.WriteNumberValue(attempt.At.ToUnixTimeMilliseconds());
            writer.WriteNumberValue(attempt.Number);
            writer.WriteNumberValue(attempt.Status ?? 0);
            writer.WriteNumberValue(attempt.Milliseconds);
            if (attempt.Error is not null)
            {
                writer.WriteStringValue(attempt.Error);
                writer.WriteNumberValue(attempt.Next?.ToUnixTimeMilliseconds() ?? 0);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        return json.ToString();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static IEnumerable<WebhookAttempt> Read(string entries)
    {
        using var document = JsonDocument.Parse(entries);
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            var next = entry.GetArrayLength() > 6 ? entry[6].GetInt64() : 0;
            yield return new WebhookAttempt(
                entry[0].GetInt64(),
                DateTimeOffset.FromUnixTimeMilliseconds(entry[1].GetInt64()),
                entry[2].GetInt32(),
                entry[3].GetInt32() is var status and not 0 ? status : null,
                entry[4].GetInt64(),
                entry.GetArrayLength() > 5 ? entry[5].GetString() : null,
                next == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(next));
        }
    }
}
