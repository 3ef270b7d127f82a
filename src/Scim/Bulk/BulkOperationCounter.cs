using System.Text;
using System.Text.Json;
using Scim.Errors;

namespace Scim.Bulk;

/// <summary>
/// Counts the operations in the beginning of a bulk's body, so that one with too many is refused before all of it has been
/// read (RFC 7644 §3.7.4).
/// </summary>
public static class BulkOperationCounter
{
    /// <summary>Throws as soon as the bytes hold more operations than may be. What is malformed is left to the parser.</summary>
    /// <exception cref="ScimException">413 naming maxOperations.</exception>
    public static void Check(ReadOnlySpan<byte> begun, int maxOperations)
    {
        if (Count(begun, maxOperations) > maxOperations)
        {
            throw BulkRequest.TooManyOperations(maxOperations);
        }
    }

    private static int Count(ReadOnlySpan<byte> begun, int enough)
    {
        var json = begun.StartsWith(Encoding.UTF8.Preamble) ? begun[Encoding.UTF8.Preamble.Length..] : begun;
        var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
        var count = 0;
        var isInOperations = false;
        try
        {
            while (count <= enough && reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    isInOperations = Ascii.EqualsIgnoreCase(reader.ValueSpan, "operations"u8);
                }
                else if (isInOperations && reader.CurrentDepth == 2 && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray or JsonTokenType.PropertyName))
                {
                    count++;
                }
            }
        }
        catch (JsonException)
        {
            // The parser says what and where, once the body is there.
            return count;
        }

        return count;
    }
}
