namespace Scim.Errors;

/// <summary>Which operation of a request is meant: of a PATCH or a bulk, or of a PATCH that is the data of an operation of a bulk.</summary>
/// <param name="Index">Its index, or that of the operation of the bulk which it is in.</param>
/// <param name="Inner">Its place in the data of that operation; null when the operation itself is meant.</param>
public sealed record OperationPlace(int Index, OperationPlace? Inner = null)
{
    /// <summary>Prints <c>Operations[2]</c>, or <c>Operations[9].data.Operations[2]</c>.</summary>
    public override string ToString() => Inner is null ? $"Operations[{Index}]" : $"Operations[{Index}].data.{Inner}";
}
