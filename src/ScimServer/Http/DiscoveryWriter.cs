using System.Text;
using System.Text.Json;
using Scim;
using Scim.Queries;
using Scim.Schemas;

namespace ScimServer.Http;

/// <summary>Writes what a server says of itself (RFC 7643 §5, §6, §7; RFC 7644 §4).</summary>
internal static class DiscoveryWriter
{
    /// <summary>The features that are there, and no others. Without events there are no streams.</summary>
    public static void WriteServiceProviderConfig(Utf8JsonWriter writer, string baseUrl, ScimLimits limits, string? documentationUri, IReadOnlyList<string>? eventUris)
    {
        writer.WriteStartObject();
        WriteSchemas(writer, SchemaUrns.ServiceProviderConfig);
        if (!string.IsNullOrWhiteSpace(documentationUri))
        {
            writer.WriteString("documentationUri"u8, documentationUri);
        }

        WriteSupported(writer, "patch", true);
        WriteSupported(writer, "bulk", true, ("maxOperations", limits.MaxBulkOperations), ("maxPayloadSize", limits.MaxBulkPayloadBytes));
        WriteSupported(writer, "filter", true, ("maxResults", limits.MaxPageSize));
        WriteSupported(writer, "changePassword", true);
        WriteSupported(writer, "sort", true);
        WriteSupported(writer, "etag", true);
        WritePagination(writer, limits);
        WriteSecurityEvents(writer, eventUris);
        WriteAuthenticationSchemes(writer);
        WriteMeta(writer, "ServiceProviderConfig", $"{baseUrl}/ServiceProviderConfig");
        writer.WriteEndObject();
    }

    /// <summary>A resource type.</summary>
    public static void WriteResourceType(Utf8JsonWriter writer, string baseUrl, ResourceType type)
    {
        writer.WriteStartObject();
        WriteSchemas(writer, SchemaUrns.ResourceType);
        writer.WriteString("id"u8, type.Id);
        writer.WriteString("name"u8, type.Name);
        writer.WriteString("endpoint"u8, type.Endpoint);
        if (type.Description.Length > 0)
        {
            writer.WriteString("description"u8, type.Description);
        }

        writer.WriteString("schema"u8, type.Schema.Id);
        if (type.Extensions.Length > 0)
        {
            writer.WriteStartArray("schemaExtensions"u8);
            foreach (var extension in type.Extensions)
            {
                writer.WriteStartObject();
                writer.WriteString("schema"u8, extension.Schema.Id);
                writer.WriteBoolean("required"u8, extension.Required);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        WriteMeta(writer, "ResourceType", $"{baseUrl}/ResourceTypes/{type.Id}");
        writer.WriteEndObject();
    }

    /// <summary>A schema as it was defined, with <c>meta</c>.</summary>
    public static void WriteSchema(Utf8JsonWriter writer, string baseUrl, Schema schema)
    {
        var definition = schema.Json.Span.TrimEnd(" \t\r\n"u8);
        var location = JsonEncodedText.Encode($"{baseUrl}/Schemas/{schema.Id}");
        byte[] json =
        [
            .. definition[..^1].TrimEnd(" \t\r\n"u8),
            .. Encoding.UTF8.GetBytes($",\"meta\":{{\"resourceType\":\"Schema\",\"location\":\"{location}\"}}}}"),
        ];
        writer.WriteRawValue(json, skipInputValidation: true);
    }

    /// <summary>All of a kind; not paged, since RFC 7644 §4 has the paging parameters ignored.</summary>
    public static void WriteList<T>(Utf8JsonWriter writer, string baseUrl, IReadOnlyList<T> items, Action<Utf8JsonWriter, string, T> write)
    {
        writer.WriteStartObject();
        WriteSchemas(writer, ListResponse.SchemaUrn);
        writer.WriteNumber("totalResults"u8, items.Count);
        writer.WriteNumber("startIndex"u8, 1);
        writer.WriteNumber("itemsPerPage"u8, items.Count);
        writer.WriteStartArray("Resources"u8);
        foreach (var item in items)
        {
            write(writer, baseUrl, item);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteSchemas(Utf8JsonWriter writer, string urn)
    {
        writer.WriteStartArray("schemas"u8);
        writer.WriteStringValue(urn);
        writer.WriteEndArray();
    }

    private static void WriteSupported(Utf8JsonWriter writer, string feature, bool supported, params ReadOnlySpan<(string Name, int Value)> numbers)
    {
        writer.WriteStartObject(feature);
        writer.WriteBoolean("supported"u8, supported);
        foreach (var (name, value) in numbers)
        {
            writer.WriteNumber(name, value);
        }

        writer.WriteEndObject();
    }

    /// <summary>RFC 9865 §4. There is no cursorTimeout: cursors do not expire.</summary>
    private static void WritePagination(Utf8JsonWriter writer, ScimLimits limits)
    {
        writer.WriteStartObject("pagination"u8);
        writer.WriteBoolean("cursor"u8, true);
        writer.WriteBoolean("index"u8, true);
        writer.WriteString("defaultPaginationMethod"u8, "index"u8);
        writer.WriteNumber("defaultPageSize"u8, limits.DefaultPageSize);
        writer.WriteNumber("maxPageSize"u8, limits.MaxPageSize);
        writer.WriteEndObject();
    }

    /// <summary>RFC 9967 §4: what streams can have; nothing when there are none. Requests are never carried out asynchronously.</summary>
    private static void WriteSecurityEvents(Utf8JsonWriter writer, IReadOnlyList<string>? eventUris)
    {
        if (eventUris is null)
        {
            return;
        }

        writer.WriteStartObject("securityEvents"u8);
        writer.WriteString("asyncRequest"u8, "none"u8);
        writer.WriteStartArray("eventUris"u8);
        foreach (var uri in eventUris)
        {
            writer.WriteStringValue(uri);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteAuthenticationSchemes(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("authenticationSchemes"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "oauthbearertoken");
        writer.WriteString("name"u8, "OAuth Bearer Token");
        writer.WriteString("description"u8, "A token of this server, sent as Authorization: Bearer.");
        writer.WriteString("specUri"u8, "https://www.rfc-editor.org/rfc/rfc6750");
        writer.WriteBoolean("primary"u8, true);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteMeta(Utf8JsonWriter writer, string resourceType, string location)
    {
        writer.WriteStartObject("meta"u8);
        writer.WriteString("resourceType"u8, resourceType);
        writer.WriteString("location"u8, location);
        writer.WriteEndObject();
    }
}
