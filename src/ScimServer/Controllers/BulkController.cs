using Microsoft.AspNetCore.Mvc;
using Scim.Bulk;
using Scim.EntityFrameworkCore.Resources;
using Scim.Schemas;
using ScimServer.Bulk;
using ScimServer.Http;

namespace ScimServer.Controllers;

/// <summary>Several operations in one request (RFC 7644 §3.7).</summary>
[Route(ScimEndpoint.Base + "/Bulk")]
public sealed class BulkController(
    SchemaRegistry schemas, ResourceStore store, BulkTurns turns, ScimRequestReader reader, PublicAddress address, ILogger<BulkController> logger) : ControllerBase
{
    /// <summary>Carries out operations on resources of any type: each by itself wholly or not at all.</summary>
    /// <response code="200">What became of each operation, in the order of the request.</response>
    [HttpPost("")]
    public async Task<IActionResult> Run()
    {
        IDisposable? turn = null;
        try
        {
            var request = await reader.ReadBulkAsync(Request, schemas, async () => turn = await turns.TakeAsync(HttpContext.RequestAborted));
            var operations = new BulkOperations(store, reader, HttpContext, logger);
            var results = await new BulkRun(request, operations, address.For(Request), logger).RunAsync(HttpContext.RequestAborted);
            ScimRequestTrace.Of(HttpContext).FailedOperations = [.. results.Where(result => result.Error is not null)];
            return new DocumentResult((writer, _) => BulkResponse.Write(writer, results));
        }
        finally
        {
            turn?.Dispose();
        }
    }
}
