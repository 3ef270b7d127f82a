using Scim.Errors;
using Scim.Resources;

namespace Scim.Patching;

/// <summary>
/// Finds the operation to name when the document is refused as a whole, at the end. Only then are the operations applied
/// again, to parts of the list that are halved each time.
/// </summary>
internal static class PatchFault
{
    /// <summary>The refusal, with the operation that led to it unless the document had the fault before.</summary>
    /// <param name="failure">Why the document is refused after all operations.</param>
    /// <param name="operations">The operations.</param>
    /// <param name="after">The document after the first so many operations, as it would be stored.</param>
    /// <param name="check">Refuses a document that cannot be stored.</param>
    public static ScimException Locate(ScimException failure, IReadOnlyList<PatchOperation> operations, Func<int, ResourceDocument> after, Action<ResourceDocument> check)
    {
        bool HasFault(int count) => Refusal(after(count), check)?.Error == failure.Error;
        if (HasFault(0))
        {
            return failure;
        }

        var (without, with) = (0, operations.Count);
        while (with - without > 1)
        {
            var middle = (without + with) / 2;
            (without, with) = HasFault(middle) ? (without, middle) : (middle, with);
        }

        return Of(operations[with - 1].Kind, failure).In(with - 1);
    }

    /// <summary>
    /// A value that a <c>remove</c> leaves a document without is a required one, and "the server SHALL return … mutability"
    /// (RFC 7644 §3.5.2.2).
    /// </summary>
    private static ScimException Of(PatchOperationKind kind, ScimException failure) =>
        kind == PatchOperationKind.Remove && failure.Error.Type == ScimErrorType.InvalidValue ? ScimErrors.Mutability(failure.Error.Detail) : failure;

    private static ScimException? Refusal(ResourceDocument document, Action<ResourceDocument> check)
    {
        try
        {
            check(document);
            return null;
        }
        catch (ScimException refusal)
        {
            return refusal;
        }
    }
}
