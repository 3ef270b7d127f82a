using System.Globalization;
using Microsoft.OpenApi;
using ScimServer.Http;

namespace ScimServer.Swagger;

/// <summary>Fills one operation of the document, replacing what was guessed from the action's signature.</summary>
internal sealed class OperationWriter
{
    private readonly OpenApiOperation operation;
    private readonly OpenApiDocument document;

    public OperationWriter(OpenApiOperation operation, OpenApiDocument document)
    {
        this.operation = operation;
        this.document = document;
        operation.Parameters = [];
        operation.Responses = [];
    }

    public OperationWriter Is(string id, string tag, string summary, string description)
    {
        operation.OperationId = id;
        operation.Tags = new HashSet<OpenApiTagReference> { new(tag, document) };
        operation.Summary = summary;
        operation.Description = description;
        return this;
    }

    public OperationWriter Takes(params ReadOnlySpan<OpenApiParameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            operation.Parameters!.Add(parameter);
        }

        return this;
    }

    public OperationWriter TakesBody(string description, string schema, IDictionary<string, IOpenApiExample> examples)
    {
        operation.RequestBody = new OpenApiRequestBody { Description = description, Required = true, Content = Content(schema, examples) };
        return this;
    }

    /// <summary>A success without a body.</summary>
    public OperationWriter Answers(int status, string description, params ReadOnlySpan<string> headers)
    {
        Add(status, new OpenApiResponse { Description = description, Headers = ResponseHeaders.Of(headers) });
        return this;
    }

    /// <summary>A success with a body.</summary>
    public OperationWriter Answers(int status, string description, string schema, IDictionary<string, IOpenApiExample> examples, params ReadOnlySpan<string> headers)
    {
        Add(status, new OpenApiResponse { Description = description, Content = Content(schema, examples), Headers = ResponseHeaders.Of(headers) });
        return this;
    }

    public OperationWriter Refuses(params ReadOnlySpan<Refusal> refusals)
    {
        foreach (var refusal in refusals)
        {
            Add(refusal.Status, new OpenApiResponse
            {
                Description = refusal.Description,
                Content = Content(MessageSchemas.Error, refusal.Examples),
                Headers = ResponseHeaders.Of(refusal.Headers),
            });
        }

        return this;
    }

    public OperationWriter NeedsToken()
    {
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ScimDocumentFilter.BearerScheme, document)] = [] }];
        return this;
    }

    private void Add(int status, OpenApiResponse response) => operation.Responses!.Add(status.ToString(CultureInfo.InvariantCulture), response);

    private Dictionary<string, OpenApiMediaType> Content(string schema, IDictionary<string, IOpenApiExample> examples) => new(StringComparer.Ordinal)
    {
        [ScimEndpoint.MediaType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(schema, document), Examples = examples },
    };
}
