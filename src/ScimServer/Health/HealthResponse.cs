using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ScimServer.Health;

/// <summary>What the health endpoints answer: a status, and what is wrong in words that give nothing away.</summary>
internal static class HealthResponse
{
    private const string MediaType = "application/json";

    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = MediaType;
        return context.Response.WriteAsync(report.Status == HealthStatus.Healthy
            ? """{"status":"ok"}"""
            : $$"""{"status":"{{(report.Status == HealthStatus.Degraded ? "degraded" : "unavailable")}}","detail":"{{Detail(report)}}"}""");
    }

    /// <summary>A failed check has an exception instead of a description; its text may hold addresses and names.</summary>
    private static string Detail(HealthReport report) =>
        report.Entries.Values.Where(entry => entry.Exception is null && entry.Status == report.Status).Select(entry => entry.Description).FirstOrDefault(text => text is not null)
        ?? "The database does not answer.";
}
