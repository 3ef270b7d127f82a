using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Scim.Json;

/// <summary>
/// Writes JSON into memory that the thread keeps for the next use: a write makes several documents, and what holds them on the way
/// would be the most of what it allocates. Not for use across an await.
/// </summary>
/// <example><code>
/// using var json = JsonBuffer.Rent();
/// json.Writer.WriteStartObject();
/// json.Writer.WriteEndObject();
/// byte[] bytes = json.ToArray();
/// </code></example>
public sealed class JsonBuffer : IDisposable
{
    /// <summary>Larger ones are left to the garbage collector.</summary>
    private const int MaxKept = 64 * 1024;

    [ThreadStatic]
    private static JsonBuffer? kept;

    private readonly ArrayBufferWriter<byte> bytes = new(2048);

    private JsonBuffer() => Writer = new Utf8JsonWriter(bytes, JsonText.WriterOptions);

    /// <summary>Writes into the buffer, by <see cref="JsonText.WriterOptions"/>.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>An empty buffer; disposing gives it back.</summary>
    public static JsonBuffer Rent()
    {
        var buffer = kept ?? new JsonBuffer();
        kept = null;
        return buffer;
    }

    /// <summary>What was written, as UTF-8.</summary>
    public byte[] ToArray() => Written().ToArray();

    /// <summary>What was written, as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Written());

    /// <inheritdoc/>
    public void Dispose()
    {
        if (bytes.Capacity <= MaxKept)
        {
            bytes.ResetWrittenCount();
            Writer.Reset(bytes);
            kept = this;
        }
    }

    private ReadOnlySpan<byte> Written()
    {
        Writer.Flush();
        return bytes.WrittenSpan;
    }
}
