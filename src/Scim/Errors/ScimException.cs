namespace Scim.Errors;

/// <summary>
/// Refuses a request. Thrown through <see cref="ScimErrors"/> only, and caught only where an answer is written:
/// at the HTTP edge, and per operation of a bulk.
/// </summary>
public sealed class ScimException : Exception
{
    /// <summary>Refuses a request with <paramref name="error"/>.</summary>
    public ScimException(ScimError error, Exception? inner = null)
        : base(error.Detail, inner) => Error = error;

    /// <summary>What the client is told.</summary>
    public ScimError Error { get; }

    /// <summary>The same refusal with a text put before its detail, for example the index of the failing operation.</summary>
    public ScimException Prefixed(string prefix) => new(Error with { Detail = prefix + Error.Detail }, this);
}
