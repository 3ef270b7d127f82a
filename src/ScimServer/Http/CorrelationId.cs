using System.Diagnostics;

namespace ScimServer.Http;

/// <summary>
/// Gives every request one id, sends it in a header, and puts it where logs look for it. A client's own id is taken over
/// when it is one; otherwise it is that of the trace (W3C traceparent).
/// </summary>
internal static class CorrelationId
{
    public const string Header = "X-Correlation-Id";

    private const int MaxLength = 64;

    public static Task AssignAsync(HttpContext context, RequestDelegate next)
    {
        var sent = context.Request.Headers[Header].ToString();
        if (IsUsable(sent))
        {
            context.TraceIdentifier = sent;
        }
        else if (Activity.Current is { } activity)
        {
            context.TraceIdentifier = activity.TraceId.ToHexString();
        }

        context.Response.Headers[Header] = context.TraceIdentifier;
        return next(context);
    }

    /// <summary>Only what can do no harm in a log line or a header.</summary>
    private static bool IsUsable(string id) =>
        id.Length is > 0 and <= MaxLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
