using Microsoft.Net.Http.Headers;
using Scim.Errors;
using Scim.Json;

namespace ScimServer.Http;

/// <summary>
/// Writes a refusal (RFC 7644 §3.12); in the admin API as a problem, at the token endpoint as OAuth has it. Every error is written here, whoever found it, but
/// for what the controllers of the admin API and the token endpoint themselves refuse.
/// </summary>
/// <remarks>The detail ends with the reference of the request: identity providers show it to their administrators.</remarks>
public static class ScimErrorWriter
{
    /// <summary>Answers with the error. Headers that explain it (WWW-Authenticate, Retry-After, Allow) are kept, those of a success are not.</summary>
    public static async Task WriteAsync(HttpContext context, ScimError error)
    {
        var response = context.Response;
        response.Headers.Remove(HeaderNames.ETag);
        response.Headers.Remove(HeaderNames.Location);
        if (AdminEndpoint.Has(context.Request))
        {
            await ProblemWriter.WriteAsync(context, error.Status, error.Detail);
            return;
        }

        var trace = ScimRequestTrace.Of(context);
        trace.Mark(RequestStep.Stored);
        trace.Error = error;
        if (context.GetEndpoint()?.Metadata.GetMetadata<ErrorForm>() is { } form)
        {
            await form.WriteAsync(context, error);
            return;
        }

        response.StatusCode = error.Status;
        response.ContentType = AcceptedMediaType.Of(context.Request);
        var body = ToUtf8(error with { Detail = CorrelationId.Refer(error.Detail, context.TraceIdentifier) });
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static byte[] ToUtf8(ScimError error)
    {
        using var json = JsonBuffer.Rent();
        error.WriteTo(json.Writer);
        return json.ToArray();
    }
}
