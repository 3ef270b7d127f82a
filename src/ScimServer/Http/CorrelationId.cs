using System.Diagnostics;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Http;

/// <summary>
/// Gives every request one id, sends it in a header, and puts it where logs look for it: the client's own if it sent one,
/// that of its trace (W3C traceparent), or else the <c>txn</c> under which the request's change records are found.
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
        else if (Activity.Current is { HasRemoteParent: true } activity)
        {
            context.TraceIdentifier = activity.TraceId.ToHexString();
        }
        else
        {
            context.TraceIdentifier = context.RequestServices.GetRequiredService<TenantContext>().Txn.ToString();
        }

        context.Response.Headers[Header] = context.TraceIdentifier;
        return next(context);
    }

    /// <summary>Only what can do no harm in a log line or a header.</summary>
    private static bool IsUsable(string id) =>
        id.Length is > 0 and <= MaxLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
