using Microsoft.AspNetCore.WebUtilities;
using Scim.Json;

namespace ScimServer.Http;

/// <summary>Writes a refusal of the admin API as problem details (RFC 9457).</summary>
internal static class ProblemWriter
{
    /// <summary>The media type of problem details.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Answers with the problem; of what was given, the member that cannot be taken is named.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string detail, string? field = null)
    {
        var body = ToUtf8(status, detail, field);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = MediaType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static byte[] ToUtf8(int status, string detail, string? field)
    {
        using var json = JsonBuffer.Rent();
        json.Writer.WriteStartObject();
        json.Writer.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(status));
        json.Writer.WriteNumber("status"u8, status);
        json.Writer.WriteString("detail"u8, detail);
        if (field is not null)
        {
            json.Writer.WriteString("field"u8, field);
        }

        json.Writer.WriteEndObject();
        return json.ToArray();
    }
}
