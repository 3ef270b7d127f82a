namespace Scim.Dialects;

/// <summary>Which deviations of identity providers are accepted. All are by default; docs/idp-dialects.md describes each.</summary>
public sealed class DialectOptions
{
    /// <summary>Names of rules that are switched off, in any case; <see cref="RequestDialect.RuleNames"/> lists them.</summary>
    public ISet<string> Disabled { get; set; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
}
