using System.Net.Sockets;
using System.Text;

namespace ScimServer.Tests.Hostile;

/// <summary>Sends bytes as they are, which no HTTP client would.</summary>
internal static class RawClient
{
    /// <summary>All that the server answers until it closes the connection.</summary>
    public static async Task<string> SendAsync(Uri server, params byte[][] parts)
    {
        using var client = new TcpClient();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await client.ConnectAsync(server.Host, server.Port, stop.Token);
        await using var stream = client.GetStream();
        using var answer = new MemoryStream();
        try
        {
            foreach (var part in parts)
            {
                await stream.WriteAsync(part, stop.Token);
            }

            await stream.CopyToAsync(answer, stop.Token);
        }
        catch (IOException)
        {
            // The server has closed before it has read all.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>The status of an answer; 0 where there is none.</summary>
    public static int Status(string answer) => answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3), provider: null) : 0;

    public static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);
}
