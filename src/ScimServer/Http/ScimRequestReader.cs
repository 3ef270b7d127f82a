using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Scim;
using Scim.Bulk;
using Scim.Dialects;
using Scim.Errors;
using Scim.Patching;
using Scim.Projections;
using Scim.Queries;
using Scim.Resources;
using Scim.Schemas;
using ScimServer.Bulk;

namespace ScimServer.Http;

/// <summary>Reads what a request says: bounds first, then the dialect rules, then the message in its strict form.</summary>
public sealed partial class ScimRequestReader(ScimLimits limits, RequestDialect dialect, PublicAddress addresses, ILogger<ScimRequestReader> logger)
{
    /// <summary>How many attributes that were passed over a log line names.</summary>
    private const int NamedIgnored = 50;

    /// <summary>The resource in the body of a POST or PUT.</summary>
    public async Task<ResourceInput> ReadResourceAsync(HttpRequest request, ResourceType type, RequestKind kind) =>
        ReadResource(request.HttpContext, await ReadObjectAsync(request), type, kind);

    /// <summary>The resource that a POST or PUT sends, in a body of its own or as an operation of a bulk. The JSON is rewritten.</summary>
    public ResourceInput ReadResource(HttpContext context, JsonObject body, ResourceType type, RequestKind kind)
    {
        dialect.NormalizeResource(type, body, ScimRequestTrace.Of(context).AppliedRules);
        var input = ResourceReader.Read(type, body, kind, addresses.For(context.Request).References);
        LogIgnored(context, type, input.Ignored);
        return input;
    }

    /// <summary>The operations in the body of a PATCH.</summary>
    public async Task<PatchRequest> ReadPatchAsync(HttpRequest request, ResourceType type) =>
        ReadPatch(request.HttpContext, await ReadObjectAsync(request), type);

    /// <summary>What a PATCH does, in a body of its own or as an operation of a bulk. The JSON is rewritten.</summary>
    public PatchRequest ReadPatch(HttpContext context, JsonObject body, ResourceType type)
    {
        dialect.NormalizePatch(type, body, ScimRequestTrace.Of(context).AppliedRules);
        return PatchRequest.Parse(body, limits) with
        {
            CreateMissingElements = dialect.CreatesMissingElements,
            References = addresses.For(context.Request).References,
        };
    }

    /// <summary>Tells the log what was noticed while a PATCH was applied.</summary>
    public void Note(HttpContext context, ResourceType type, PatchNotes notes)
    {
        LogIgnored(context, type, notes.Ignored);
        if (notes.CreatedElement)
        {
            ScimRequestTrace.Of(context).AppliedRules.Add(RequestDialect.CreateMissingElement);
        }
    }

    /// <summary>The operations in the body of a bulk (RFC 7644 §3.7). Its bounds are kept while it is read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="schemas">The resource types that operations may be at.</param>
    /// <param name="turn">Waited for when the body is there and before it is parsed (<see cref="BulkTurns"/>).</param>
    /// <exception cref="ScimException">415; 413 naming the bound; 400 for what is not a bulk.</exception>
    public async Task<BulkRequest> ReadBulkAsync(HttpRequest request, SchemaRegistry schemas, Func<Task> turn)
    {
        RequireJson(request);
        var bound = new BodyBound(limits.MaxBulkPayloadBytes, BulkRequest.TooLarge, begun => BulkOperationCounter.Check(begun, limits.MaxBulkOperations));
        var (body, faults) = await ParseAsync(request, bound, utf8 => JsonBody.ParseBulk(utf8, limits.MaxJsonDepth + BulkRequest.DataDepth), turn);
        return BulkRequest.Parse(body, schemas, limits, faults);
    }

    /// <summary>The query in the body of a <c>/.search</c> (RFC 7644 §3.4.3).</summary>
    public async Task<ListQuery> ReadSearchAsync(HttpRequest request, ResourceType type) =>
        ListQuery.Parse(type, SearchRequest.Parse(await ReadObjectAsync(request)), limits);

    /// <summary>The query of all types in the body of a <c>/.search</c> of the root.</summary>
    public async Task<ListQuery> ReadSearchAsync(HttpRequest request, IReadOnlyList<ResourceType> types) =>
        ListQuery.Parse(types, SearchRequest.Parse(await ReadObjectAsync(request)), limits);

    /// <summary>The query in the query string of a GET (RFC 7644 §3.4.2).</summary>
    public ListQuery ReadQuery(HttpRequest request, ResourceType type) => ListQuery.Parse(type, Parameters(request), limits);

    /// <summary>The query of all types in the query string of a GET of the root.</summary>
    public ListQuery ReadQuery(HttpRequest request, IReadOnlyList<ResourceType> types) => ListQuery.Parse(types, Parameters(request), limits);

    /// <summary>The attributes that the answer is to hold; any operation may name them (RFC 7644 §3.9).</summary>
    public static Projection ReadProjection(HttpRequest request, ResourceType type) =>
        Projection.Parse(type, Joined(request, "attributes"), Joined(request, "excludedAttributes"));

    /// <summary>The same for an operation of a bulk, out of the query of its path.</summary>
    public static Projection ReadProjection(string query, ResourceType type)
    {
        if (query.Length == 0)
        {
            return Projection.Default(type);
        }

        var parameters = new QueryCollection(QueryHelpers.ParseQuery(query));
        return Projection.Parse(type, parameters["attributes"].ToString(), parameters["excludedAttributes"].ToString());
    }

    /// <summary>The body as a JSON object.</summary>
    /// <exception cref="ScimException">415, 413, or 400 invalidSyntax.</exception>
    public async Task<JsonObject> ReadObjectAsync(HttpRequest request)
    {
        RequireJson(request);
        return JsonObject.Create(await ParseAsync(request, new BodyBound(limits.MaxBodyBytes, TooLarge), utf8 => JsonBody.Parse(utf8, limits.MaxJsonDepth)))!;
    }

    /// <summary>The body is wiped at once, or where failures are recorded when the request ends.</summary>
    private static async Task<T> ParseAsync<T>(HttpRequest request, BodyBound bound, Func<ReadOnlySpan<byte>, T> parse, Func<Task>? turn = null)
    {
        var trace = ScimRequestTrace.Of(request.HttpContext);
        var body = await RequestBody.ReadAsync(request, bound, request.HttpContext.RequestAborted);
        try
        {
            await (turn?.Invoke() ?? Task.CompletedTask);
            return parse(body.Utf8);
        }
        finally
        {
            trace.Mark(RequestStep.Read);
            if (trace.KeepsBody && body.Utf8.Length <= RequestBody.KeptBytes)
            {
                trace.Body = body;
            }
            else
            {
                body.Dispose();
            }
        }
    }

    private void LogIgnored(HttpContext context, ResourceType type, IReadOnlyCollection<string> ignored)
    {
        if (ignored.Count > 0 && logger.IsEnabled(LogLevel.Debug))
        {
            Log.Ignored(logger, type.Name, string.Join(", ", ignored.Take(NamedIgnored).Select(ScimErrors.Shorten)), context.TraceIdentifier);
        }
    }

    internal static ScimException TooLarge(int maxBytes) => ScimErrors.PayloadTooLarge($"The request's body is larger than {maxBytes} bytes.");

    /// <summary>A body without a content type is taken for what it must be (RFC 9110 §8.3 leaves that to the recipient).</summary>
    private static void RequireJson(HttpRequest request)
    {
        if (!string.IsNullOrEmpty(request.ContentType) && !IsJson(request.ContentType))
        {
            throw NotJson(request.ContentType);
        }
    }

    internal static ScimException NotJson(string contentType) =>
        ScimErrors.UnsupportedMediaType($"The body must be {ScimEndpoint.MediaType} or application/json in UTF-8, not \"{ScimErrors.Shorten(contentType)}\".");

    /// <summary>Parameters may be empty (RFC 9110 §5.6.6), as in <c>application/json;</c>; the parser knows none such.</summary>
    private static bool IsJson(string contentType) =>
        MediaTypeHeaderValue.TryParse(string.Join(';', contentType.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)), out var type)
        && (IsSame(type.MediaType, ScimEndpoint.MediaType) || IsSame(type.MediaType, "application/json"))
        && (type.CharSet is null || IsSame(type.CharSet.Trim('"'), "utf-8") || IsSame(type.CharSet.Trim('"'), "utf8"));

    private static bool IsSame(string? left, string right) => right.Equals(left, StringComparison.OrdinalIgnoreCase);

    private static SearchRequest Parameters(HttpRequest request) => new()
    {
        Filter = Single(request, "filter"),
        SortBy = Single(request, "sortBy"),
        SortOrder = Single(request, "sortOrder"),
        StartIndex = Single(request, "startIndex"),
        Count = Single(request, "count"),
        Cursor = Single(request, "cursor"),
        Attributes = Joined(request, "attributes"),
        ExcludedAttributes = Joined(request, "excludedAttributes"),
    };

    /// <summary>Which of two filters holds is not for the server to guess: the wrong one could answer with everyone.</summary>
    private static string? Single(HttpRequest request, string name)
    {
        var values = request.Query[name];
        return values.Count switch
        {
            0 => null,
            1 => values[0],
            _ => throw ScimErrors.InvalidValue($"The parameter \"{name}\" is given {values.Count} times."),
        };
    }

    /// <summary>A list that is given twice is one longer list.</summary>
    private static string Joined(HttpRequest request, string name) => request.Query[name].ToString();

    private static partial class Log
    {
        [LoggerMessage(1002, LogLevel.Debug, "Attributes of a {ResourceType} were passed over, unknown or readOnly: {Attributes}; correlation={CorrelationId}")]
        public static partial void Ignored(ILogger logger, string resourceType, string attributes, string correlationId);
    }
}
