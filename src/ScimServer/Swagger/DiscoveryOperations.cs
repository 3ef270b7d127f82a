using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Scim;
using Scim.Json;
using Scim.Schemas;
using ScimServer.Controllers;
using ScimServer.Http;

namespace ScimServer.Swagger;

/// <summary>The discovery endpoints (RFC 7644 §4) as the document describes them; their examples are what the server answers.</summary>
internal sealed class DiscoveryOperations(SchemaRegistry schemas, ScimLimits limits, ScimHttpOptions options, IReadOnlyList<string>? eventUris)
{
    private const string ResourceTypes = "ResourceTypes";
    private const string Schemas = "Schemas";
    private const string ServiceProviderConfig = "ServiceProviderConfig";

    private ResourceType ExampleType => schemas.ResourceTypes[^1];

    private Schema ExampleSchema => ExampleType.Schema;

    public void Describe(string controller, string action, OperationWriter operation)
    {
        if (options.DiscoveryRequiresToken)
        {
            operation.NeedsToken();
        }

        switch (controller, action)
        {
            case (ServiceProviderConfig, _):
                GetConfiguration(operation);
                break;
            case (ResourceTypes, nameof(ResourceTypesController.List)):
                ListResourceTypes(operation);
                break;
            case (ResourceTypes, nameof(ResourceTypesController.Get)):
                GetResourceType(operation);
                break;
            case (Schemas, nameof(SchemasController.List)):
                ListSchemas(operation);
                break;
            case (Schemas, nameof(SchemasController.Get)):
                GetSchema(operation);
                break;
        }
    }

    private void GetConfiguration(OperationWriter operation) => Refuse(operation
        .Is("getServiceProviderConfig", ScimDocumentFilter.DiscoveryTag, "Says what the server can do", "Features, their limits and the ways to authenticate (RFC 7643, 5).")
        .Answers(200, "The configuration.", RegistrySchemas.NameOf(SchemaUrns.ServiceProviderConfig), Example(
            "As it is", writer => DiscoveryWriter.WriteServiceProviderConfig(writer, ExampleFile.BaseUrl, limits, options.DocumentationUri, eventUris))));

    private void ListResourceTypes(OperationWriter operation) => Refuse(operation
        .Is("listResourceTypes", ScimDocumentFilter.DiscoveryTag, "Lists the resource types", "Which kinds of resources there are, where, and with which schemas (RFC 7643, 6).")
        .Answers(200, "All of them.", MessageSchemas.List, Example(
            "As they are", writer => DiscoveryWriter.WriteList(writer, ExampleFile.BaseUrl, schemas.ResourceTypes, DiscoveryWriter.WriteResourceType))));

    private void GetResourceType(OperationWriter operation) => Refuse(
        operation
            .Is("getResourceType", ScimDocumentFilter.DiscoveryTag, "Reads a resource type", "RFC 7643, 6.")
            .Takes(RequestParameters.Id("The name of the resource type.", ExampleType.Id))
            .Answers(200, "The resource type.", RegistrySchemas.NameOf(SchemaUrns.ResourceType), Example(
                ExampleType.Name, writer => DiscoveryWriter.WriteResourceType(writer, ExampleFile.BaseUrl, ExampleType))),
        Refusal.NotFound("ResourceType", "Device"));

    private void ListSchemas(OperationWriter operation) => Refuse(operation
        .Is("listSchemas", ScimDocumentFilter.DiscoveryTag, "Lists the schemas", "Every attribute with its characteristics (RFC 7643, 7).")
        .Answers(200, "All of them.", MessageSchemas.List, Example(
            "Shortened to one", writer => DiscoveryWriter.WriteList(writer, ExampleFile.BaseUrl, [ExampleSchema], DiscoveryWriter.WriteSchema))));

    private void GetSchema(OperationWriter operation) => Refuse(
        operation
            .Is("getSchema", ScimDocumentFilter.DiscoveryTag, "Reads a schema", "RFC 7643, 7.")
            .Takes(RequestParameters.Id("The URN of the schema.", ExampleSchema.Id))
            .Answers(200, "The schema.", RegistrySchemas.NameOf(SchemaUrns.Schema), Example(
                ExampleSchema.Name, writer => DiscoveryWriter.WriteSchema(writer, ExampleFile.BaseUrl, ExampleSchema))),
        Refusal.NotFound("Schema", "urn:example:Device"));

    private void Refuse(OperationWriter operation, params ReadOnlySpan<Refusal> more)
    {
        if (options.DiscoveryRequiresToken)
        {
            operation.Refuses(Refusal.Token);
        }

        operation.Refuses(Refusal.DiscoveryFilter).Refuses(more).Refuses(Refusal.NotReady);
    }

    private static Dictionary<string, IOpenApiExample> Example(string summary, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            write(writer);
        }

        return ExampleFile.Single(summary, JsonNode.Parse(buffer.ToArray())!);
    }
}
