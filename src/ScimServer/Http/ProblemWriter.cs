using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Scim.Resources;

namespace ScimServer.Http;

/// <summary>Writes a refusal of the admin API as problem details (RFC 9457).</summary>
internal static class ProblemWriter
{
    /// <summary>The media type of problem details.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Answers with the problem; of what was given, the member that cannot be taken is named.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string detail, string? field = null)
    {
        using var buffer = new MemoryStream(256);
        using (var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(status));
            writer.WriteNumber("status"u8, status);
            writer.WriteString("detail"u8, detail);
            if (field is not null)
            {
                writer.WriteString("field"u8, field);
            }

            writer.WriteEndObject();
        }

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = MediaType;
        response.ContentLength = buffer.Length;
        await response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), context.RequestAborted);
    }
}
