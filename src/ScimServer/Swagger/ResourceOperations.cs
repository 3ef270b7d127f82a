using Microsoft.OpenApi;
using Scim;
using Scim.Schemas;
using ScimServer.Controllers;

namespace ScimServer.Swagger;

/// <summary>The seven operations on the resources of a type, as the document describes them.</summary>
internal sealed class ResourceOperations(ResourceType type, ScimLimits limits)
{
    private readonly string plural = OperationNames.Plural(type);
    private readonly string word = OperationNames.Word(type);
    private readonly string words = OperationNames.Words(type);

    public void Describe(string action, OperationWriter operation)
    {
        operation.NeedsToken();
        switch (action)
        {
            case nameof(ResourceController.List):
                List(operation);
                break;
            case nameof(ResourceController.Search):
                Search(operation);
                break;
            case nameof(ResourceController.Get):
                Get(operation);
                break;
            case nameof(ResourceController.Create):
                Create(operation);
                break;
            case nameof(ResourceController.Replace):
                Replace(operation);
                break;
            case nameof(ResourceController.Patch):
                Patch(operation);
                break;
            case nameof(ResourceController.Delete):
                Delete(operation);
                break;
        }
    }

    private void List(OperationWriter operation) => operation
        .Is($"list{plural}", plural, $"Lists or finds {words}", "A page of those that the filter selects (RFC 7644, 3.4.2). `totalResults` counts all of them.")
        .Takes(RequestParameters.Query(type, limits))
        .Answers(200, "A page; empty when nothing was found.", OperationNames.List(type), ExampleFile.Lists([type]))
        .Refuses(Refusal.Query([type]), Refusal.Token, Refusal.ReadScope, Refusal.NotReady);

    private void Search(OperationWriter operation) => operation
        .Is($"search{plural}", plural, $"Finds {words} by parameters in the body", "The same as GET, for filters that are too long for a URL or do not belong into the logs of proxies (RFC 7644, 3.4.3).")
        .TakesBody("The parameters.", MessageSchemas.SearchRequest, ExampleFile.Read($"{type.Name}.search"))
        .Answers(200, "A page; empty when nothing was found.", OperationNames.List(type), ExampleFile.Lists([type]))
        .Refuses(Refusal.Query([type]), Refusal.Token, Refusal.ReadScope, Refusal.TooLarge(limits), Refusal.MediaType, Refusal.NotReady);

    private void Get(OperationWriter operation) => operation
        .Is($"get{type.Name}", plural, $"Reads a {word}", "RFC 7644, 3.4.1. With If-None-Match the body is sent only when the version is another one.")
        .Takes(Id(), RequestParameters.Attributes(type), RequestParameters.ExcludedAttributes(type), RequestParameters.IfNoneMatch())
        .Answers(200, $"The {word}.", OperationNames.Component(type), Resource(), ResponseHeaders.ETag, ResponseHeaders.Location)
        .Answers(304, "The client has this version.", ResponseHeaders.ETag)
        .Refuses(Refusal.Projection(type), Refusal.Token, Refusal.ReadScope, NotFound(), Refusal.NotReady);

    private void Create(OperationWriter operation) => operation
        .Is($"create{type.Name}", plural, $"Creates a {word}", "RFC 7644, 3.3. The server gives the id; read-only attributes are ignored.")
        .Takes(RequestParameters.Attributes(type), RequestParameters.ExcludedAttributes(type))
        .TakesBody($"The {word}.", OperationNames.Component(type), ExampleFile.Read($"{type.Name}.create"))
        .Answers(201, $"The {word} as it was stored.", OperationNames.Component(type), Resource(), ResponseHeaders.ETag, ResponseHeaders.Location)
        .Refuses([Refusal.Resource(type), Refusal.Token, Refusal.WriteScope, .. Conflict(), Refusal.TooLarge(limits), Refusal.MediaType, Refusal.NotReady]);

    private void Replace(OperationWriter operation) => operation
        .Is($"replace{type.Name}", plural, $"Replaces a {word}", "RFC 7644, 3.5.1. What the body leaves out is cleared; read-only attributes are ignored. When nothing differs, nothing is written and the version stays.")
        .Takes(Id(), RequestParameters.Attributes(type), RequestParameters.ExcludedAttributes(type), RequestParameters.IfMatch())
        .TakesBody($"The whole {word}.", OperationNames.Component(type), ExampleFile.Read($"{type.Name}.replace"))
        .Answers(200, $"The {word} as it was stored.", OperationNames.Component(type), Resource(), ResponseHeaders.ETag, ResponseHeaders.Location)
        .Refuses([Refusal.Resource(type), Refusal.Token, Refusal.WriteScope, NotFound(), .. Conflict(), Refusal.Version, Refusal.TooLarge(limits), Refusal.MediaType, Refusal.NotReady]);

    private void Patch(OperationWriter operation)
    {
        operation
            .Is(
                $"patch{type.Name}",
                plural,
                $"Changes parts of a {word}",
                $"Up to {limits.MaxPatchOperations} operations in their order, all of them or none (RFC 7644, 3.5.2). What Okta and Microsoft Entra ID send in their own way is understood as well.")
            .Takes(Id(), RequestParameters.Attributes(type), RequestParameters.ExcludedAttributes(type), RequestParameters.IfMatch())
            .TakesBody("The operations.", MessageSchemas.PatchOp, ExampleFile.Read($"{type.Name}.patch"));
        if (type.MembersAttribute is null)
        {
            operation.Answers(200, $"The {word} as it is now.", OperationNames.Component(type), Resource(), ResponseHeaders.ETag, ResponseHeaders.Location);
        }
        else
        {
            operation
                .Answers(200, $"The {word} as it is now: only when attributes or excludedAttributes was given.", OperationNames.Component(type), Resource(), ResponseHeaders.ETag, ResponseHeaders.Location)
                .Answers(204, "Done. Members are not sent back unasked.", ResponseHeaders.ETag);
        }

        operation.Refuses([Refusal.Patch(type), Refusal.Token, Refusal.WriteScope, NotFound(), .. Conflict(), Refusal.Version, Refusal.TooLarge(limits), Refusal.MediaType, Refusal.NotReady]);
    }

    private void Delete(OperationWriter operation) => operation
        .Is($"delete{type.Name}", plural, $"Deletes a {word}", "RFC 7644, 3.6. What refers to it, memberships for example, goes with it.")
        .Takes(Id(), RequestParameters.IfMatch())
        .Answers(204, "Done.")
        .Refuses(Refusal.Token, Refusal.WriteScope, NotFound(), Refusal.Version, Refusal.NotReady);

    private OpenApiParameter Id() => RequestParameters.Id($"The id that the server gave the {word}.", ExampleFile.IdOf(type));

    private Dictionary<string, IOpenApiExample> Resource() => ExampleFile.Read($"{type.Name}.resource");

    private Refusal NotFound() => Refusal.NotFound(type.Name, ExampleFile.IdOf(type));

    private Refusal[] Conflict()
    {
        if (type.UniqueAttribute is not { } unique)
        {
            return [];
        }

        var example = Resource().Values.Select(resource => (string?)resource.Value?[unique.Name]).FirstOrDefault();
        return [Refusal.Conflict(type, example ?? "…")];
    }
}
