using Microsoft.Extensions.Options;
using Scim;

namespace ScimServer.Http;

/// <summary>Refuses bounds that no request could keep.</summary>
internal static class ScimLimitsCheck
{
    /// <exception cref="OptionsValidationException">A bound is zero or less.</exception>
    public static ScimLimits RequirePositive(ScimLimits limits)
    {
        (string Name, int Value)[] bounds =
        [
            (nameof(limits.MaxBodyBytes), limits.MaxBodyBytes),
            (nameof(limits.MaxJsonDepth), limits.MaxJsonDepth),
            (nameof(limits.MaxFilterLength), limits.MaxFilterLength),
            (nameof(limits.MaxFilterDepth), limits.MaxFilterDepth),
            (nameof(limits.MaxFilterTerms), limits.MaxFilterTerms),
            (nameof(limits.MaxPatchOperations), limits.MaxPatchOperations),
            (nameof(limits.MaxBulkOperations), limits.MaxBulkOperations),
            (nameof(limits.MaxBulkPayloadBytes), limits.MaxBulkPayloadBytes),
            (nameof(limits.MaxMembersPerRequest), limits.MaxMembersPerRequest),
            (nameof(limits.MaxResourceBytes), limits.MaxResourceBytes),
            (nameof(limits.MaxKeyLength), limits.MaxKeyLength),
            (nameof(limits.MaxPageSize), limits.MaxPageSize),
            (nameof(limits.DefaultPageSize), limits.DefaultPageSize),
        ];
        var failures = bounds.Where(bound => bound.Value <= 0).Select(bound => $"Scim:Limits:{bound.Name} must be at least 1, not {bound.Value}.").ToArray();
        return failures.Length == 0 ? limits : throw new OptionsValidationException(nameof(ScimLimits), typeof(ScimLimits), failures);
    }
}
