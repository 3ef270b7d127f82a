using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Scim.Json;
using Scim.Schemas;
using ScimServer.Http;

namespace ScimServer.Provisioning;

/// <summary>Tells of a failed request what an operator has to see: the request without personal values and without its credential, and the error that was sent.</summary>
internal sealed partial class FailureReport(SchemaRegistry schemas, EndpointDataSource endpoints, IOptions<ProvisioningLogOptions> options)
{
    private const int MaxHeader = 100;
    private const int MaxOperations = 50;

    private static readonly HashSet<string> Expressions = new(["filter", "sortBy", "attributes", "excludedAttributes", "types"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> Words = new(["sortOrder", "startIndex", "count", "limit", "wait"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Made with the first failure, when all endpoints are mapped.</summary>
    private readonly Lazy<KnownWords> words = new(() => new KnownWords(schemas, Segments(endpoints)));

    /// <summary>The path with what may be personal replaced.</summary>
    public string Path(HttpContext context) => new Redaction(words.Value, keepsValues: false).Address(context.Request.Path.Value ?? "/");

    /// <summary>The report as JSON.</summary>
    public string Write(HttpContext context, ScimRequestTrace trace)
    {
        var redaction = new Redaction(words.Value, options.Value.KeepValues);
        using var json = JsonBuffer.Rent();
        var writer = json.Writer;
        writer.WriteStartObject();
        WriteRequest(writer, redaction, context.Request, trace);
        if (trace.Error is { } error)
        {
            writer.WritePropertyName("error"u8);
            (error with { Detail = redaction.Detail(error.Detail) }).WriteTo(writer);
        }

        WriteOperations(writer, redaction, trace);
        writer.WriteEndObject();
        return json.ToString();
    }

    private static IEnumerable<string> Segments(EndpointDataSource endpoints) =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        from segment in endpoint.RoutePattern.PathSegments
        where segment.IsSimple
        from literal in segment.Parts.OfType<RoutePatternLiteralPart>()
        select literal.Content;

    private static void WriteRequest(Utf8JsonWriter writer, Redaction redaction, HttpRequest request, ScimRequestTrace trace)
    {
        writer.WriteStartObject("request"u8);
        writer.WriteString("path"u8, redaction.Address(request.Path.Value ?? "/"));
        if (request.Query.Count > 0)
        {
            writer.WriteStartObject("query"u8);
            foreach (var (name, values) in request.Query)
            {
                writer.WriteString(redaction.Name(name), Parameter(redaction, name, values.ToString()));
            }

            writer.WriteEndObject();
        }

        WriteHeader(writer, request, HeaderNames.ContentType);
        WriteHeader(writer, request, HeaderNames.UserAgent);
        WriteBody(writer, redaction, request, trace);
        writer.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter writer, Redaction redaction, HttpRequest request, ScimRequestTrace trace)
    {
        if (trace.Body is not { } body)
        {
            if (request.ContentLength is > 0)
            {
                writer.WriteString("bodyNote"u8, string.Create(CultureInfo.InvariantCulture, $"{request.ContentLength} bytes, which were not kept: too large, or refused before they were read"));
            }

            return;
        }

        var failed = trace.FailedOperations.Count == 0 ? null : trace.FailedOperations.Select(result => result.Operation.Index).Take(MaxOperations).ToHashSet();
        using var inner = JsonBuffer.Rent();
        if (new RedactedBody(inner.Writer, redaction).TryWrite(body.Utf8.ToArray(), failed))
        {
            writer.WritePropertyName("body"u8);
            writer.WriteRawValue(inner.ToArray(), skipInputValidation: true);
        }
        else
        {
            writer.WriteString("bodyNote"u8, string.Create(CultureInfo.InvariantCulture, $"{body.Utf8.Length} bytes that are no JSON"));
        }
    }

    private static void WriteOperations(Utf8JsonWriter writer, Redaction redaction, ScimRequestTrace trace)
    {
        if (trace.FailedOperations.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("operations"u8);
        foreach (var result in trace.FailedOperations.Take(MaxOperations))
        {
            writer.WriteStartObject();
            writer.WriteNumber("index"u8, result.Operation.Index);
            writer.WritePropertyName("error"u8);
            (result.Error! with { Detail = redaction.Detail(result.Error.Detail) }).WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Parameter(Redaction redaction, string name, string value) => name switch
    {
        _ when Expressions.Contains(name) => redaction.Expression(value),
        _ when Words.Contains(name) && value.Length <= 10 && value.All(char.IsAsciiLetterOrDigit) => value,
        _ => redaction.Value(value, name: null),
    };

    /// <summary>What the client's software calls itself and its body.</summary>
    private static void WriteHeader(Utf8JsonWriter writer, HttpRequest request, string name)
    {
        var value = request.Headers[name].ToString();
        if (value.Length is > 0 and <= MaxHeader && Harmless().IsMatch(value))
        {
            writer.WriteString(JsonNamingPolicy.CamelCase.ConvertName(name.Replace("-", "", StringComparison.Ordinal)), value);
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9 ./;=+*_(),\-""]+$")]
    private static partial Regex Harmless();
}
