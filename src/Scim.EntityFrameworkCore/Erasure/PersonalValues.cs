using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Erasure;

/// <summary>
/// The values by which a person can be told, so that what names the person is found in texts that have no key: reports of failed requests
/// and what receivers of tokens wrote.
/// </summary>
internal sealed class PersonalValues
{
    /// <summary>Values that are shorter, or single words, are in too many texts about others; they count where a value stands.</summary>
    private const int MinLength = 4;

    /// <summary>Errors shorten what they quote, so the begin of a value has to do.</summary>
    private const int MaxLength = 60;

    private const int MinDigits = 5;

    private const int OperatorLength = 2;

    private readonly HashSet<string> values = new(StringComparer.OrdinalIgnoreCase);
    private readonly SchemaRegistry schemas;
    private SearchValues<string>? search;

    /// <param name="id">The id of the person.</param>
    /// <param name="schemas">Whose resource types are no values, though somebody may be called <c>User</c>.</param>
    public PersonalValues(Guid id, SchemaRegistry schemas)
    {
        this.schemas = schemas;
        values.Add(id.ToString());
    }

    /// <summary>Adds a value; null is none.</summary>
    public void Add(string? value)
    {
        if (string.IsNullOrWhiteSpace(value) || IsIdOfAnother(value) || schemas.FindResourceType(value) is not null)
        {
            return;
        }

        // As it stands in the string of a filter too, and composed as it is stored.
        foreach (var spelt in (string[])[value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value), value.Normalize()])
        {
            values.Add(spelt.Length > MaxLength ? spelt[..MaxLength] : spelt);
        }

        search = null;
    }

    /// <summary>Adds the values of a document, or of what changed (<see cref="Rows.ChangeRow.Delta"/>).</summary>
    public void AddFrom(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                AddFromObject(element);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    AddFrom(item);
                }

                break;
            case JsonValueKind.String:
                Add(element.GetString());
                break;
            case JsonValueKind.Number when element.GetRawText().Length >= MinDigits:
                Add(element.GetRawText());
                break;
            default:
                break;
        }
    }

    /// <summary>Whether a text names the person.</summary>
    public bool AreIn(string? text)
    {
        search ??= SearchValues.Create([.. values], StringComparison.OrdinalIgnoreCase);
        return text is not null && text.AsSpan().ContainsAny(search) && values.Any(value => IsIn(text, value));
    }

    /// <summary>Whether a name or string of the JSON names the person.</summary>
    public bool AreIn(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().Any(member => AreIn(member.Name) || AreIn(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().Any(AreIn),
        JsonValueKind.String => AreIn(json.GetString()),
        JsonValueKind.Number => AreIn(json.GetRawText()),
        _ => false,
    };

    private void AddFromObject(JsonElement element)
    {
        // Of an operation the path says of which attribute its values are.
        if (element.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String && path.GetString()!.Split(':', '.').Any(SharedAttributes.Has))
        {
            return;
        }

        foreach (var member in element.EnumerateObject().Where(member => !SharedAttributes.Has(member.Name) && !IsWordOfDeltas(member.Name)))
        {
            AddFrom(member.Value);
        }
    }

    private static bool IsWordOfDeltas(string name) => name is "op" or "path" or "attributes";

    /// <summary>Ids of this server are UUIDs of version 7, and stand for other resources here.</summary>
    private static bool IsIdOfAnother(string value) => Guid.TryParseExact(value, "D", out var id) && id.Version == 7;

    private static bool IsIn(string text, string value)
    {
        for (var at = text.IndexOf(value, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(value, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + value.Length;
            if (value.Length < MinLength || value.All(char.IsLetter) ? IsValue(text, at, end) : IsWord(text, at, end, value.Length == MaxLength))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it is the whole string, is in quotation marks, or stands beside the operator of a filter.</summary>
    private static bool IsValue(string text, int at, int end) =>
        (at == 0 || text[at - 1] == '"' || IsBehindOperator(text, at)) && (end == text.Length || text[end] is '"' or ' ' or ')' or ']' or ',');

    private static bool IsBehindOperator(string text, int at) =>
        at > OperatorLength + 1 && text[at - 1] == ' ' && text[at - OperatorLength - 2] == ' ' && char.IsLetter(text[at - 2]) && char.IsLetter(text[at - OperatorLength - 1]);

    private static bool IsWord(string text, int at, int end, bool isBegin) =>
        (at == 0 || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(text[at]))
        && (isBegin || end == text.Length || !char.IsLetterOrDigit(text[end]) || !char.IsLetterOrDigit(text[end - 1]));
}
