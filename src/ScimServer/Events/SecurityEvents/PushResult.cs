using System.Text.Json;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using ScimServer.Outbound;

namespace ScimServer.Events.SecurityEvents;

/// <summary>What became of one push.</summary>
/// <param name="Row">The token.</param>
/// <param name="Error">What went wrong; null when the receiver has it.</param>
/// <param name="HttpStatus">The status of the answer; null when there was none.</param>
/// <param name="RetryAfter">How long the receiver asks to wait.</param>
internal sealed record PushResult(IssuedSetRow Row, SetError? Error, int? HttpStatus, TimeSpan? RetryAfter)
{
    /// <summary>Whether the receiver did not take it, and it may be pushed again.</summary>
    public bool IsRefused => Error is not null && Error.Err != SetErrors.Expired;

    /// <summary>Whether the receiver says what is wrong with this token (RFC 8935 §2.3): then it lives, whatever it takes.</summary>
    public bool IsAboutToken { get; private init; }

    /// <summary>Reads an answer: every 2xx is a success (EVT-51), a 400 says in JSON what is wrong with the token (EVT-52).</summary>
    public static PushResult Of(IssuedSetRow row, OutboundAnswer answer)
    {
        var told = answer.Status == StatusCodes.Status400BadRequest ? Told(row, answer) : null;
        var error = answer.IsSuccess ? null : told ?? new SetError(row.Jti, answer.Error ?? "refused", null);
        return new PushResult(row, error, answer.Status, answer.RetryAfter) { IsAboutToken = told is not null };
    }

    private static SetError? Told(IssuedSetRow row, OutboundAnswer answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            return json.RootElement.ValueKind == JsonValueKind.Object && Text(json.RootElement, "err") is { Length: > 0 } err
                ? new SetError(row.Jti, ForeignText.Clean(err), Text(json.RootElement, "description") is { } description ? ForeignText.Clean(description) : null)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
