using System.Globalization;
using Microsoft.Extensions.Options;
using Scim;

namespace ScimServer.Http;

/// <summary>Refuses bounds that no request could keep.</summary>
internal static class ScimLimitsCheck
{
    /// <exception cref="OptionsValidationException">A bound is zero or less.</exception>
    public static ScimLimits RequirePositive(ScimLimits limits)
    {
        var failures = from bound in typeof(ScimLimits).GetProperties()
                       let value = bound.GetValue(limits)
                       where value is < 1
                       select string.Create(CultureInfo.InvariantCulture, $"Scim:Limits:{bound.Name} must be at least 1, not {value}.");
        return failures.ToList() is { Count: > 0 } found ? throw new OptionsValidationException(nameof(ScimLimits), typeof(ScimLimits), found) : limits;
    }
}
