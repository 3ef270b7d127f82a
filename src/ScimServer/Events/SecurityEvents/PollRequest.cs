using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.EntityFrameworkCore.Streams;
using Scim.Errors;
using Scim.Json;

namespace ScimServer.Events.SecurityEvents;

/// <summary>What a poll asks (RFC 8936 §2.2).</summary>
/// <param name="MaxEvents">Tokens at most; 0 to acknowledge only.</param>
/// <param name="ReturnImmediately">Whether not to wait for the first.</param>
/// <param name="Acknowledged">What the receiver has.</param>
/// <param name="Errors">What it could not take.</param>
internal sealed record PollRequest(int MaxEvents, bool ReturnImmediately, IReadOnlyCollection<string> Acknowledged, IReadOnlyCollection<SetError> Errors)
{
    /// <summary>Tokens in an answer when the receiver does not say.</summary>
    public const int DefaultEvents = 100;

    /// <summary>Tokens in an answer at most.</summary>
    public const int MostEvents = 500;

    private const int MaxAcknowledged = 5_000;
    private const int MaxJti = 200;

    /// <exception cref="ScimException">400.</exception>
    public static PollRequest Read(JsonObject body) => new(
        Events(body["maxEvents"]),
        Switch(body["returnImmediately"]),
        body["ack"] switch
        {
            null => [],
            JsonArray { Count: <= MaxAcknowledged } ack => [.. ack.Select(jti => Jti(JsonText.AsString(jti))).Distinct()],
            _ => throw StreamConfiguration.Wrong("ack", $"an array of at most {MaxAcknowledged} strings"),
        },
        body["setErrs"] switch
        {
            null => [],
            JsonObject { Count: <= MaxAcknowledged } errors => [.. errors.Select(error => Error(error.Key, error.Value))],
            _ => throw StreamConfiguration.Wrong("setErrs", $"an object of at most {MaxAcknowledged} members"),
        });

    private static int Events(JsonNode? node) => node switch
    {
        null => DefaultEvents,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<long>(out var number) && number >= 0 => (int)Math.Min(number, MostEvents),
        _ => throw StreamConfiguration.Wrong("maxEvents", "a whole number from 0"),
    };

    private static bool Switch(JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw StreamConfiguration.Wrong("returnImmediately", "true or false"),
    };

    private static SetError Error(string jti, JsonNode? error) => error is JsonObject given && JsonText.AsString(given["err"]) is { } err
        ? new SetError(Jti(jti), ForeignText.Clean(err), JsonText.AsString(given["description"]) is { } description ? ForeignText.Clean(description) : null)
        : throw StreamConfiguration.Wrong("setErrs", "an object of objects with \"err\"");

    private static string Jti(string? text) => text is { Length: > 0 and <= MaxJti } ? text : throw StreamConfiguration.Wrong("ack", $"the jti of tokens, strings of at most {MaxJti} characters");
}

/// <summary>What receivers write, as it can be shown in a log or console (EVT-58).</summary>
internal static class ForeignText
{
    private const int MaxLength = 120;

    /// <summary>The beginning of a text, without control and formatting characters.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is not (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator or System.Globalization.UnicodeCategory.PrivateUse or System.Globalization.UnicodeCategory.OtherNotAssigned))
            {
                clean.Append(rune.ToString());
            }

            if (clean.Length >= MaxLength)
            {
                break;
            }
        }

        return clean.ToString();
    }
}
