using System.Text.Json;

namespace ScimServer.Provisioning;

/// <summary>Writes the body of a failed request as JSON with its values replaced, and no more of it than an operator reads.</summary>
internal sealed class RedactedBody(Utf8JsonWriter writer, Redaction redaction)
{
    private const int MaxValues = 400;
    private const int MaxElements = 50;
    private const int MaxDepth = 64;

    private static readonly HashSet<string> Expressions = new(["filter", "sortBy", "attributes", "excludedAttributes"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> Counts = new(["startIndex", "count", "failOnErrors"], StringComparer.OrdinalIgnoreCase);

    private int left = MaxValues;

    /// <summary>Writes the body; false when it is no JSON, and nothing was written.</summary>
    /// <param name="utf8">The body.</param>
    /// <param name="operations">Of a bulk, the operations that are shown, by their position; null for all.</param>
    public bool TryWrite(ReadOnlyMemory<byte> utf8, IReadOnlySet<int>? operations)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(WellFormedJson.Of(utf8), new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return false;
        }

        using (document)
        {
            if (operations is not null && document.RootElement.ValueKind == JsonValueKind.Object)
            {
                WriteBulk(document.RootElement, operations);
            }
            else
            {
                Write(document.RootElement, null, null);
            }
        }

        return true;
    }

    private void WriteBulk(JsonElement bulk, IReadOnlySet<int> shown)
    {
        writer.WriteStartObject();
        foreach (var member in bulk.EnumerateObject())
        {
            writer.WritePropertyName(redaction.Name(member.Name));
            if (member.Value.ValueKind != JsonValueKind.Array || !member.Name.Equals("Operations", StringComparison.OrdinalIgnoreCase))
            {
                Write(member.Value, member.Name, null);
                continue;
            }

            writer.WriteStartArray();
            foreach (var (index, operation) in member.Value.EnumerateArray().Index())
            {
                if (shown.Contains(index))
                {
                    Write(operation, null, null);
                }
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void Write(JsonElement value, string? name, string? attribute)
    {
        if (left-- <= 0)
        {
            writer.WriteStringValue("…");
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value);
                break;
            case JsonValueKind.Array:
                WriteArray(value, name, attribute);
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Text(value.GetString()!, name, attribute));
                break;
            case JsonValueKind.Number when name is not null && Counts.Contains(name):
                writer.WriteRawValue(value.GetRawText());
                break;
            case JsonValueKind.Number:
                var number = redaction.Value(value.GetRawText(), attribute ?? name);
                writer.WriteStringValue(number == Redaction.Secret || number == value.GetRawText() ? number : "<number>");
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private void WriteObject(JsonElement value)
    {
        var path = PathOf(value);
        var isSecret = path is not null && redaction.IsSecretPath(path);
        writer.WriteStartObject();
        foreach (var member in value.EnumerateObject())
        {
            if (left <= 0)
            {
                writer.WriteString("…", "…");
                break;
            }

            writer.WritePropertyName(redaction.Name(member.Name));
            if (redaction.IsSecretPath(member.Name) || (isSecret && IsValue(member.Name)))
            {
                Hide(member.Value);
            }
            else
            {
                Write(member.Value, member.Name, path is not null && IsValue(member.Name) ? path.Split('.', ':', ']')[^1] : null);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>
    /// In an operation of a PATCH the path says of which attribute the value is, in whatever case its name is sent (<c>MemberNameCase</c>).
    /// Of several it is one that leads to a secret, if any does.
    /// </summary>
    private string? PathOf(JsonElement value)
    {
        string? path = null;
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String && IsPath(member.Name) && (path is null || !redaction.IsSecretPath(path)))
            {
                path = member.Value.GetString();
            }
        }

        return path;
    }

    private void WriteArray(JsonElement value, string? name, string? attribute)
    {
        writer.WriteStartArray();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            if (index == MaxElements || left <= 0)
            {
                writer.WriteStringValue($"… {value.GetArrayLength() - index} more");
                break;
            }

            Write(item, name, attribute);
        }

        writer.WriteEndArray();
    }

    /// <summary>All that is below a secret attribute, and in no error's detail either.</summary>
    private void Hide(JsonElement value)
    {
        Remember(value);
        writer.WriteStringValue(Redaction.Secret);
    }

    private void Remember(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Remember(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Remember(item);
                }

                break;
            case JsonValueKind.String:
                redaction.Hide(value.GetString()!);
                break;
            case JsonValueKind.Number:
                redaction.Hide(value.GetRawText());
                break;
            default:
                break;
        }
    }

    private string Text(string text, string? name, string? attribute)
    {
        if (name is null)
        {
            return redaction.Value(text, attribute);
        }

        if (IsPath(name))
        {
            return text.StartsWith('/') ? redaction.Address(text) : redaction.Expression(text);
        }

        return Expressions.Contains(name) ? redaction.Expression(text) : redaction.Value(text, attribute ?? name);
    }

    private static bool IsPath(string name) => name.Equals("path", StringComparison.OrdinalIgnoreCase);

    private static bool IsValue(string name) => name.Equals("value", StringComparison.OrdinalIgnoreCase);
}
