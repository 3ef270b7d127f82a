using System.Diagnostics;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Provisioning;

namespace ScimServer.Http;

/// <summary>
/// Gives every request its reference (<see cref="RequestReference"/>), in a header of the answer and where logs look for it. What the client calls
/// its request, by a header of its own or by a trace (W3C traceparent), is noted beside it.
/// </summary>
internal static class CorrelationId
{
    public const string Header = "X-Correlation-Id";

    private const int MaxLength = 64;

    public static Task AssignAsync(HttpContext context, RequestDelegate next)
    {
        context.TraceIdentifier = RequestReference.Format(context.RequestServices.GetRequiredService<TenantContext>().Txn);
        context.Response.Headers[Header] = context.TraceIdentifier;
        return next(context);
    }

    /// <summary>What the client calls its request; null when it says nothing, or something that does not belong into a log.</summary>
    public static string? OfClient(HttpContext context)
    {
        var sent = context.Request.Headers[Header].ToString();
        return IsUsable(sent) ? sent : Activity.Current is { HasRemoteParent: true } activity ? activity.TraceId.ToHexString() : null;
    }

    /// <summary>The text with the reference of the request behind it, as errors have it for those who read them in the log of an identity provider.</summary>
    public static string Refer(string detail, string reference) => $"{detail} (ref {reference})";

    /// <summary>Only what can do no harm in a log line or a header.</summary>
    private static bool IsUsable(string id) =>
        id.Length is > 0 and <= MaxLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
