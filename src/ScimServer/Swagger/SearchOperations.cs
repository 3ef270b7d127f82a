using Scim;
using Scim.Schemas;
using ScimServer.Controllers;

namespace ScimServer.Swagger;

/// <summary>The queries of all resource types at the base URL, as the document describes them.</summary>
internal sealed class SearchOperations(SchemaRegistry schemas, ScimLimits limits)
{
    /// <summary>What their example files are called after.</summary>
    public const string ExampleName = "All";

    public void Describe(string action, OperationWriter operation)
    {
        operation.NeedsToken();
        switch (action)
        {
            case nameof(SearchController.List):
                List(operation);
                break;
            case nameof(SearchController.Search):
                Search(operation);
                break;
        }
    }

    private void List(OperationWriter operation) => operation
        .Is("listAll", ScimDocumentFilter.SearchTag, "Lists or finds resources of all types", "An attribute that a type does not have is one without a value; `meta.resourceType` tells the types apart (RFC 7644, 3.4.2.1).")
        .Takes(RequestParameters.Query(schemas.ResourceTypes, limits))
        .Answers(200, "A page; empty when nothing was found.", MessageSchemas.ResourceList, ExampleFile.Lists(schemas.ResourceTypes))
        .Refuses(Refusal.Query(schemas.ResourceTypes), Refusal.Token, Refusal.ReadScope, Refusal.NotReady);

    private void Search(OperationWriter operation) => operation
        .Is("searchAll", ScimDocumentFilter.SearchTag, "Finds resources of all types by parameters in the body", "The same as GET (RFC 7644, 3.4.3).")
        .TakesBody("The parameters.", MessageSchemas.SearchRequest, ExampleFile.Read($"{ExampleName}.search"))
        .Answers(200, "A page; empty when nothing was found.", MessageSchemas.ResourceList, ExampleFile.Lists(schemas.ResourceTypes))
        .Refuses(Refusal.Query(schemas.ResourceTypes), Refusal.Token, Refusal.ReadScope, Refusal.TooLarge(limits), Refusal.MediaType, Refusal.NotReady);
}
