namespace Scim.Errors;

/// <summary>
/// Refuses a request. Thrown through <see cref="ScimErrors"/> only, and caught only where an answer is written:
/// at the HTTP edge, and per operation of a bulk.
/// </summary>
public sealed class ScimException : Exception
{
    private readonly ScimError reason;

    /// <summary>Refuses a request with <paramref name="error"/>.</summary>
    public ScimException(ScimError error, Exception? inner = null)
        : this(error, null, inner)
    {
    }

    private ScimException(ScimError reason, OperationPlace? place, Exception? inner)
        : base(Detail(reason, place), inner)
    {
        this.reason = reason;
        Place = place;
        Error = place is null ? reason : reason with { Detail = Message };
    }

    /// <summary>What the client is told. The detail begins with the <see cref="Place"/>.</summary>
    public ScimError Error { get; }

    /// <summary>Which operation is refused; null when the refusal names none.</summary>
    public OperationPlace? Place { get; }

    /// <summary>The same refusal, in the operation with that index. If it names an operation already, that one is in the data of this one.</summary>
    public ScimException In(int operation) => new(reason, new OperationPlace(operation, Place), this);

    /// <summary>The same refusal without its place, where the client has not sent the operations itself.</summary>
    public ScimException WithoutPlace() => new(reason, null, this);

    private static string Detail(ScimError reason, OperationPlace? place) => place is null ? reason.Detail : $"{place}: {reason.Detail}";
}
