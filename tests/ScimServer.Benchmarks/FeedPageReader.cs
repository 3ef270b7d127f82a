using System.Buffers;
using System.Text.Json;

namespace ScimServer.Benchmarks;

/// <summary>A page of the feed, of which the begin has arrived; the rest comes by itself.</summary>
internal sealed class FeedPageReader : IDisposable
{
    private readonly HttpResponseMessage response;
    private readonly Stream body;
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(4 * 1024 * 1024);
    private int length;

    private FeedPageReader(HttpResponseMessage response, Stream body) => (this.response, this.body) = (response, body);

    /// <summary>Behind its last event.</summary>
    public string Cursor { get; private set; } = "";

    /// <summary>Whether there is more behind it.</summary>
    public bool HasMore { get; private set; }

    /// <summary>All of it.</summary>
    public Task<ReadOnlyMemory<byte>> Text { get; private set; } = Task.FromResult(ReadOnlyMemory<byte>.Empty);

    /// <summary>Asks for a page, and reads as far as its cursor.</summary>
    public static async Task<FeedPageReader> BeginAsync(HttpClient client, Uri address)
    {
        var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var page = new FeedPageReader(response, await response.Content.ReadAsStreamAsync());
        while (!page.TryReadHead() && await page.ReadMoreAsync())
        {
        }

        page.Text = page.ReadAsync();
        return page;
    }

    public void Dispose()
    {
        response.Dispose();
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync()
    {
        while (await ReadMoreAsync())
        {
        }

        return bytes.AsMemory(0, length);
    }

    private async Task<bool> ReadMoreAsync()
    {
        if (length == bytes.Length)
        {
            var longer = ArrayPool<byte>.Shared.Rent(2 * bytes.Length);
            bytes.CopyTo(longer, 0);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = longer;
        }

        var more = await body.ReadAsync(bytes.AsMemory(length));
        length += more;
        return more > 0;
    }

    private bool TryReadHead()
    {
        var json = new Utf8JsonReader(bytes.AsSpan(0, length), isFinalBlock: false, default);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("events"u8))
            {
                return true;
            }

            if (json.TokenType == JsonTokenType.String)
            {
                Cursor = json.GetString()!;
            }
            else if (json.TokenType is JsonTokenType.True or JsonTokenType.False)
            {
                HasMore = json.GetBoolean();
            }
        }

        return false;
    }
}
