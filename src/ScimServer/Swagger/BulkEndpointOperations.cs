using Scim;
using Scim.Bulk;

namespace ScimServer.Swagger;

/// <summary>POST /Bulk as the document describes it.</summary>
internal sealed class BulkEndpointOperations(ScimLimits limits)
{
    public void Describe(OperationWriter operation) => operation
        .NeedsToken()
        .Is(
            "bulk",
            ScimDocumentFilter.BulkTag,
            "Carries out many operations in one request",
            $"""
            Up to {limits.MaxBulkOperations} operations on resources of any type (RFC 7644, 3.7). Each is carried out wholly or not at all, and a
            failing one does not keep the others from being carried out, unless `failOnErrors` says how many may fail. `bulkId:…` in
            the data or path of an operation stands for the id of the resource that the POST with that bulkId creates, before or after it.
            """)
        .TakesBody("The operations.", MessageSchemas.BulkRequest, ExampleFile.Read("Bulk.request"))
        .Answers(200, "What became of each operation that was carried out, in the order of the request.", MessageSchemas.BulkResponse, ExampleFile.Read("Bulk.response"))
        .Refuses(
            Refusal.Bulk,
            Refusal.Token,
            Refusal.WriteScope,
            Refusal.TooLarge(BulkRequest.TooManyOperations(limits.MaxBulkOperations), BulkRequest.TooLarge(limits.MaxBulkPayloadBytes)),
            Refusal.MediaType,
            Refusal.NotReady);
}
