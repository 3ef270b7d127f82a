using System.Text.Json;
using Scim.Errors;

namespace ScimServer.Http;

/// <summary>
/// Goes through a body once, token by token: JSON, an object, no deeper than a bound, no name twice in an object (in any case: RFC 7643 §2.1
/// makes them one attribute), and no string that a database could not hold.
/// </summary>
internal ref struct JsonCheck
{
    private const int KeptNames = 64;

    /// <summary>How deep an operation of a bulk lies: in an array of an object.</summary>
    private const int OperationDepth = 2;

    private readonly Stack<HashSet<string>> names = new();
    private readonly Stack<HashSet<string>> spare = new();
    private readonly int maxDepth;
    private Utf8JsonReader reader;

    public JsonCheck(ReadOnlySpan<byte> json, int maxDepth)
    {
        this.maxDepth = maxDepth;
        reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
    }

    /// <exception cref="ScimException">400 invalidSyntax.</exception>
    public void Check()
    {
        try
        {
            BeginObject();
            while (reader.Read())
            {
                CheckToken();
            }
        }
        catch (JsonException exception)
        {
            throw NotJson(exception);
        }
    }

    /// <summary>Checks a bulk: what is wrong within an operation is given by the operation's position, as long as it is JSON.</summary>
    /// <exception cref="ScimException">400 invalidSyntax for what is wrong with the message.</exception>
    public IReadOnlyDictionary<int, ScimException> CheckBulk()
    {
        var faults = new Dictionary<int, ScimException>();
        try
        {
            BeginObject();
            var (isInOperations, index) = (false, 0);
            while (reader.Read())
            {
                if (isInOperations && reader.CurrentDepth == OperationDepth && reader.TokenType != JsonTokenType.PropertyName)
                {
                    if (CheckOperation() is { } fault)
                    {
                        faults.Add(index, fault);
                    }

                    index++;
                    continue;
                }

                CheckToken();
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    isInOperations = reader.GetString()!.Equals("Operations", StringComparison.OrdinalIgnoreCase);
                }
            }
        }
        catch (JsonException exception)
        {
            throw NotJson(exception);
        }

        return faults;
    }

    /// <summary>Checks the value that begins here and reads to its end, whatever is wrong with it; gives what is.</summary>
    private ScimException? CheckOperation()
    {
        var open = names.Count;
        try
        {
            do
            {
                CheckToken();
            }
            while ((IsBegin(reader.TokenType) || reader.CurrentDepth > OperationDepth) && reader.Read());

            return null;
        }
        catch (ScimException fault)
        {
            // Nothing is kept of what follows, however deep it is.
            while (reader.CurrentDepth > OperationDepth && reader.Read())
            {
            }

            while (names.Count > open)
            {
                names.Pop();
            }

            return fault;
        }
    }

    private void BeginObject()
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw ScimErrors.InvalidSyntax("The body must be a JSON object.");
        }

        names.Push(NewNames());
    }

    private void CheckToken()
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= maxDepth:
                throw ScimErrors.InvalidSyntax($"The body is nested more than {maxDepth} levels deep.");
            case JsonTokenType.StartObject:
                names.Push(spare.TryPop(out var free) ? free : NewNames());
                break;
            case JsonTokenType.EndObject:
                Keep(names.Pop());
                break;
            case JsonTokenType.PropertyName when !names.Peek().Add(Text()):
                throw ScimErrors.InvalidSyntax($"\"{ScimErrors.Shorten(reader.GetString()!)}\" is given twice in one object.");
            case JsonTokenType.String when reader.ValueIsEscaped:
                Text();
                break;
            default:
                break;
        }
    }

    private static HashSet<string> NewNames() => new(StringComparer.OrdinalIgnoreCase);

    private static bool IsBegin(JsonTokenType token) => token is JsonTokenType.StartObject or JsonTokenType.StartArray;

    /// <summary>A bulk has thousands of objects. A set that was once large is slow to clear, for ever.</summary>
    private readonly void Keep(HashSet<string> set)
    {
        if (set.Count <= KeptNames)
        {
            set.Clear();
            spare.Push(set);
        }
    }

    private string Text()
    {
        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ScimErrors.InvalidSyntax("A string of the body holds one half of a surrogate pair (\\ud800 to \\udfff).");
        }

        return text.Contains('\0', StringComparison.Ordinal)
            ? throw ScimErrors.InvalidSyntax("A string of the body holds the character \\u0000.")
            : text;
    }

    private static ScimException NotJson(JsonException exception) =>
        ScimErrors.InvalidSyntax($"The body is not valid JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
}
