using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Scim.Json;

namespace ScimServer.Http;

/// <summary>Answers with a JSON document that is written for the base URL of the request: what discovery serves.</summary>
public sealed class DocumentResult(Action<Utf8JsonWriter, string> write) : IActionResult
{
    /// <inheritdoc/>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        ScimRequestTrace.Of(http).Mark(RequestStep.Stored);
        var baseUrl = http.RequestServices.GetRequiredService<PublicAddress>().For(http.Request).BaseUrl;
        http.Response.ContentType = AcceptedMediaType.Of(http.Request);
        await using (var writer = new Utf8JsonWriter(http.Response.BodyWriter, JsonText.WriterOptions))
        {
            write(writer, baseUrl);
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
