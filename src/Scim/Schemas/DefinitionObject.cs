using System.Text.Json;

namespace Scim.Schemas;

/// <summary>
/// An object of a definition file with its place in it. What is read wrong is noted with file and JSON pointer (RFC 6901), and
/// reading goes on, so that all faults of a file are told at once.
/// </summary>
internal sealed class DefinitionObject
{
    private readonly JsonElement element;
    private readonly string file;
    private readonly string pointer;
    private readonly List<string> faults;

    public DefinitionObject(JsonElement element, string file, string pointer, List<string> faults)
    {
        this.element = element;
        this.file = file;
        this.pointer = pointer;
        this.faults = faults;
    }

    /// <summary>Notes what is wrong with a member, or with the object itself.</summary>
    public void Fault(string? member, string text) => faults.Add($"{Place(member)}: {text}");

    /// <summary>Notes what is wrong with an item of an array.</summary>
    public void Fault(string member, int index, string text) => faults.Add($"{Place(member)}/{index}: {text}");

    /// <summary>Where a member is, for example <c>devices.json#/attributes/3</c>.</summary>
    public string Place(string? member = null)
    {
        var path = member is null ? pointer : $"{pointer}/{Escape(member)}";
        return path.Length == 0 ? file : $"{file}#{path}";
    }

    public bool Has(string member) => element.TryGetProperty(member, out _);

    /// <summary>Notes members that the RFC does not have here: what is misspelt must not be passed over.</summary>
    public void AllowOnly(params ReadOnlySpan<string> members)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (!members.Contains(property.Name))
            {
                Fault(property.Name, $"there is no such member here; there are {string.Join(", ", members)}.");
            }
        }
    }

    /// <summary>A text that has to be there; "" where it is not.</summary>
    public string Text(string member)
    {
        if (!Has(member))
        {
            Fault(null, $"\"{member}\" is missing.");
            return "";
        }

        var text = OptionalText(member);
        if (text is { Length: 0 })
        {
            Fault(member, "must not be empty.");
        }

        return text ?? "";
    }

    public string? OptionalText(string member)
    {
        if (!element.TryGetProperty(member, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        Fault(member, "must be a string.");
        return null;
    }

    public bool Flag(string member)
    {
        if (element.TryGetProperty(member, out var value) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Fault(member, "must be true or false.");
            return false;
        }

        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>A word of the RFC: a member of the enumeration in camelCase, exactly so.</summary>
    public TWord Word<TWord>(string member, TWord whenAbsent)
        where TWord : struct, Enum
    {
        if (OptionalText(member) is not { } text)
        {
            return whenAbsent;
        }

        foreach (var word in Enum.GetValues<TWord>())
        {
            if (text == WordOf(word))
            {
                return word;
            }
        }

        Fault(member, $"\"{text}\" is not a {member}; there are {string.Join(", ", Enum.GetValues<TWord>().Select(WordOf))}.");
        return whenAbsent;
    }

    /// <summary>The word of an enumeration's member as the RFC writes it.</summary>
    public static string WordOf<TWord>(TWord word)
        where TWord : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());

    public string[] Texts(string member)
    {
        var texts = new List<string>();
        foreach (var (item, index) in Items(member))
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 } text)
            {
                texts.Add(text);
            }
            else
            {
                Fault(member, index, "must be a string that is not empty.");
            }
        }

        return [.. texts];
    }

    public IEnumerable<DefinitionObject> Objects(string member)
    {
        foreach (var (item, index) in Items(member))
        {
            if (item.ValueKind == JsonValueKind.Object)
            {
                yield return new DefinitionObject(item, file, $"{pointer}/{Escape(member)}/{index}", faults);
            }
            else
            {
                Fault(member, index, "must be an object.");
            }
        }
    }

    private IEnumerable<(JsonElement Item, int Index)> Items(string member)
    {
        if (!element.TryGetProperty(member, out var array))
        {
            return [];
        }

        if (array.ValueKind == JsonValueKind.Array)
        {
            return array.EnumerateArray().Select((item, index) => (item, index));
        }

        Fault(member, "must be an array.");
        return [];
    }

    private static string Escape(string member) => member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
