using System.Globalization;
using System.Text.Json;
using Scim.Errors;

namespace Scim.Bulk;

/// <summary>What became of one operation.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Status">The status that the single request would have had.</param>
/// <param name="Location">The address of the resource; null for a POST that failed and where the path names none.</param>
/// <param name="Version">The version that the resource has now; null when it is not there, or was not changed because of an error.</param>
/// <param name="Error">The error, when it failed.</param>
public sealed record BulkResult(BulkOperation Operation, int Status, string? Location, string? Version, ScimError? Error);

/// <summary>The answer to a bulk (RFC 7644 §3.7.3).</summary>
public static class BulkResponse
{
    /// <summary>The URN of the message.</summary>
    public const string SchemaUrn = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

    /// <summary>Writes the answer. The body of a success is left out, as §3.7 allows; that of an error is always there.</summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<BulkResult> results)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("schemas"u8);
        writer.WriteStringValue(SchemaUrn);
        writer.WriteEndArray();
        writer.WriteStartArray("Operations"u8);
        foreach (var result in results)
        {
            Write(writer, result);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, BulkResult result)
    {
        writer.WriteStartObject();
        WriteText(writer, "location", result.Location);
        WriteText(writer, "method", BulkOperationReader.WireName(result.Operation.Method) ?? result.Operation.UnknownMethod);
        WriteText(writer, "bulkId", result.Operation.BulkId);
        WriteText(writer, "version", result.Version);
        writer.WriteString("status"u8, result.Status.ToString(CultureInfo.InvariantCulture));
        if (result.Error is not null)
        {
            writer.WritePropertyName("response"u8);
            result.Error.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
