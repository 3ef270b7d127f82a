namespace Scim.Errors;

/// <summary>
/// All refusals: status, scimType and meaning in one place. Use as <c>throw ScimErrors.InvalidValue("…")</c>.
/// The detail is a sentence for the administrator who reads it in the identity provider's log.
/// </summary>
public static class ScimErrors
{
    /// <summary>400 invalidFilter: the filter is malformed or does not fit the attribute's type.</summary>
    public static ScimException InvalidFilter(string detail) => BadRequest(ScimErrorType.InvalidFilter, detail);

    /// <summary>400 invalidSyntax: the body is not JSON, or not the message that the endpoint expects.</summary>
    public static ScimException InvalidSyntax(string detail) => BadRequest(ScimErrorType.InvalidSyntax, detail);

    /// <summary>400 invalidPath: the path is malformed or names no known attribute.</summary>
    public static ScimException InvalidPath(string detail) => BadRequest(ScimErrorType.InvalidPath, detail);

    /// <summary>400 noTarget: the path selects no value.</summary>
    public static ScimException NoTarget(string detail) => BadRequest(ScimErrorType.NoTarget, detail);

    /// <summary>400 invalidValue: a value is missing or does not fit the attribute.</summary>
    public static ScimException InvalidValue(string detail) => BadRequest(ScimErrorType.InvalidValue, detail);

    /// <summary>400 mutability: the attribute is readOnly, or immutable and already set.</summary>
    public static ScimException Mutability(string detail) => BadRequest(ScimErrorType.Mutability, detail);

    /// <summary>400 tooMany: the filter yields more than the server works through.</summary>
    public static ScimException TooMany(string detail) => BadRequest(ScimErrorType.TooMany, detail);

    /// <summary>400 invalidCursor: the cursor is not one of this query (RFC 9865 §2.1).</summary>
    public static ScimException InvalidCursor(string detail) => BadRequest(ScimErrorType.InvalidCursor, detail);

    /// <summary>400 invalidCount: the size of a page by cursor is no number, or not that of the walk's first page (RFC 9865 §2.1).</summary>
    public static ScimException InvalidCount(string detail) => BadRequest(ScimErrorType.InvalidCount, detail);

    /// <summary>409 uniqueness: another resource already has the value.</summary>
    public static ScimException Uniqueness(string detail) => new(new ScimError(409, ScimErrorType.Uniqueness, detail));

    /// <summary>406: the client accepts no media type of answers that there is.</summary>
    public static ScimException NotAcceptable(string detail) => Plain(406, detail);

    /// <summary>409: what the request refers to is not there, or not yet, and may be another time.</summary>
    public static ScimException Conflict(string detail) => Plain(409, detail);

    /// <summary>401: no valid credential.</summary>
    public static ScimException Unauthorized(string detail) => Plain(401, detail);

    /// <summary>403: the credential does not allow the operation, or the operation is never allowed here.</summary>
    public static ScimException Forbidden(string detail) => Plain(403, detail);

    /// <summary>404: no such resource or endpoint.</summary>
    public static ScimException NotFound(string detail) => Plain(404, detail);

    /// <summary>404: no resource of that type has the id.</summary>
    public static ScimException ResourceNotFound(string resourceType, string id) =>
        NotFound($"There is no {resourceType} with the id \"{Shorten(id)}\".");

    /// <summary>405: the endpoint does not have the method.</summary>
    public static ScimException MethodNotAllowed(string detail) => Plain(405, detail);

    /// <summary>410: what the request refers to was there and never comes back.</summary>
    public static ScimException Gone(string detail) => Plain(410, detail);

    /// <summary>412: the resource's version is not the one of the If-Match header (RFC 7644 §3.14).</summary>
    public static ScimException PreconditionFailed(string detail) => Plain(412, detail);

    /// <summary>413: the request is larger than a bound.</summary>
    public static ScimException PayloadTooLarge(string detail) => Plain(413, detail);

    /// <summary>415: the body's media type is not JSON.</summary>
    public static ScimException UnsupportedMediaType(string detail) => Plain(415, detail);

    /// <summary>429: the client sends more than it may; it may repeat the request later.</summary>
    public static ScimException TooManyRequests(string detail) => Plain(429, detail);

    /// <summary>501: the server does not have the operation.</summary>
    public static ScimException NotImplemented(string detail) => Plain(501, detail);

    /// <summary>501: the alias of whoever is authenticated (RFC 7644 §3.11).</summary>
    public static ScimException MeNotImplemented() => NotImplemented("/Me is not supported: a token stands for a client, not for a user.");

    /// <summary>503: the server cannot answer at the moment; the client may repeat the request.</summary>
    public static ScimException Unavailable(string detail) => Plain(503, detail);

    /// <summary>Cuts what a client sent to a length that fits an error text.</summary>
    public static string Shorten(string text) => text.Length <= 100 ? text : string.Concat(text.AsSpan(0, 100), "…");

    private static ScimException BadRequest(ScimErrorType type, string detail) => new(new ScimError(400, type, detail));

    private static ScimException Plain(int status, string detail) => new(new ScimError(status, null, detail));
}
