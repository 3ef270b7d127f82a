namespace Scim.Bulk;

/// <summary>A step of a bulk.</summary>
/// <param name="Operation">The position of the operation in the request.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Deferred">
/// The operations whose resources it refers to before they can be created: left out when it is performed, added when it is completed.
/// </param>
public sealed record BulkStep(int Operation, BulkStepKind Kind, IReadOnlyList<int> Deferred);

/// <summary>What a step does with its operation.</summary>
public enum BulkStepKind
{
    /// <summary>Carries the operation out, without the references that are deferred.</summary>
    Perform,

    /// <summary>Adds the references that were deferred.</summary>
    Complete,
}
