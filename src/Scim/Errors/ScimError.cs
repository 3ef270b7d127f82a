using System.Text.Json;

namespace Scim.Errors;

/// <summary>An error as it is sent to the client (RFC 7644 §3.12).</summary>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Type">The <c>scimType</c>, where the RFC's table has one for the case.</param>
/// <param name="Detail">A sentence that tells an administrator what to change.</param>
public sealed record ScimError(int Status, ScimErrorType? Type, string Detail)
{
    /// <summary>The URN of the error message.</summary>
    public const string SchemaUrn = "urn:ietf:params:scim:api:messages:2.0:Error";

    /// <summary>Writes the error as a JSON object; <c>status</c> is a string, as §3.12 has it.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("schemas"u8);
        writer.WriteStringValue(SchemaUrn);
        writer.WriteEndArray();
        if (Type is { } type)
        {
            writer.WriteString("scimType"u8, JsonNamingPolicy.CamelCase.ConvertName(type.ToString()));
        }

        writer.WriteString("detail"u8, Detail);
        writer.WriteString("status"u8, Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteEndObject();
    }
}
