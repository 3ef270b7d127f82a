using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Scim.Errors;
using Scim.Schemas;

namespace Scim.Bulk;

/// <summary>The body of POST /Bulk (RFC 7644 §3.7).</summary>
/// <param name="Operations">The operations in the order of the request.</param>
/// <param name="FailOnErrors">The number of errors that ends the bulk; null when none does.</param>
/// <example><code>
/// var request = BulkRequest.Parse(body, schemas, limits, faults);
/// var plan = BulkPlan.Of(request);   // in which order, and what is put off because of circular references
/// </code></example>
public sealed record BulkRequest(IReadOnlyList<BulkOperation> Operations, int? FailOnErrors)
{
    /// <summary>The URN of the message.</summary>
    public const string SchemaUrn = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

    /// <summary>How much deeper than in a request of its own the data of an operation is nested.</summary>
    public const int DataDepth = 3;

    /// <summary>Reads the message, an object. What is wrong with one operation is that operation's <see cref="BulkOperation.Fault"/>.</summary>
    /// <param name="body">The message.</param>
    /// <param name="schemas">The resource types that operations may be at.</param>
    /// <param name="limits">The bounds.</param>
    /// <param name="faults">
    /// Operations that are JSON but not well-formed, by their position: strings that are no text, names that are there twice, or too deep. Their data is not
    /// looked at.
    /// </param>
    /// <exception cref="ScimException">400 invalidSyntax or invalidValue for what is wrong with the message; 413 for more operations than the limit.</exception>
    public static BulkRequest Parse(JsonElement body, SchemaRegistry schemas, ScimLimits limits, IReadOnlyDictionary<int, ScimException> faults)
    {
        RequireSchema(Member(body, "schemas"));
        var failOnErrors = ReadFailOnErrors(Member(body, "failOnErrors"));
        if (Member(body, "Operations") is not { ValueKind: JsonValueKind.Array } array || array.GetArrayLength() == 0)
        {
            throw ScimErrors.InvalidSyntax("The body of a bulk must have \"Operations\": an array of one or more operations.");
        }

        if (array.GetArrayLength() > limits.MaxBulkOperations)
        {
            throw TooManyOperations(limits.MaxBulkOperations);
        }

        var reader = new BulkOperationReader(schemas, array, faults);
        return new BulkRequest([.. array.EnumerateArray().Select(reader.Read)], failOnErrors);
    }

    /// <summary>400 invalidSyntax: the body is another message.</summary>
    public static ScimException NoSchema() => ScimErrors.InvalidSyntax($"The body of a bulk must have \"schemas\": [\"{SchemaUrn}\"].");

    /// <summary>413: the bulk has more operations than <c>maxOperations</c> (RFC 7644 §3.7.4).</summary>
    public static ScimException TooManyOperations(int maxOperations) =>
        ScimErrors.PayloadTooLarge($"The number of operations in the bulk exceeds maxOperations ({maxOperations}). Nothing was carried out.");

    /// <summary>413: the bulk is larger than <c>maxPayloadSize</c> (RFC 7644 §3.7.4).</summary>
    public static ScimException TooLarge(int maxPayloadSize) =>
        ScimErrors.PayloadTooLarge($"The size of the bulk exceeds maxPayloadSize ({maxPayloadSize} bytes). Nothing was carried out.");

    /// <summary>A member by its name in any case (RFC 7643 §2.1). One that is null is as one that is not there (§2.5).</summary>
    internal static JsonElement? Member(JsonElement source, string name)
    {
        foreach (var member in source.EnumerateObject())
        {
            if (IsNamed(member, name))
            {
                return member.Value.ValueKind == JsonValueKind.Null ? null : member.Value;
            }
        }

        return null;
    }

    /// <summary>Compared as bytes: a large bulk would make thousands of strings of the same few names.</summary>
    private static bool IsNamed(JsonProperty member, string name)
    {
        var written = JsonMarshal.GetRawUtf8PropertyName(member);
        return written.Contains((byte)'\\') ? member.Name.Equals(name, StringComparison.OrdinalIgnoreCase) : Ascii.EqualsIgnoreCase(written, name);
    }

    private static void RequireSchema(JsonElement? schemas)
    {
        if (!(schemas is { ValueKind: JsonValueKind.Array } urns && urns.EnumerateArray().Any(IsSchema)))
        {
            throw NoSchema();
        }
    }

    private static bool IsSchema(JsonElement urn) => urn.ValueKind == JsonValueKind.String && SchemaUrn.Equals(urn.GetString(), StringComparison.OrdinalIgnoreCase);

    private static int? ReadFailOnErrors(JsonElement? value) => value switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } given when (given.TryGetInt32(out var number) ? number > 0 : IsWhole(given)) => number > 0 ? number : int.MaxValue,
        _ => throw ScimErrors.InvalidValue("\"failOnErrors\" must be a whole number of at least 1. Leave it out to have all operations carried out."),
    };

    /// <summary>Of one that no int holds: it has no sign, no fraction and no exponent.</summary>
    private static bool IsWhole(JsonElement number) => !JsonMarshal.GetRawUtf8Value(number).ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
