namespace Scim.Filters;

/// <summary>
/// The path of a PATCH operation (RFC 7644 §3.5.2, Figure 7), for example <c>emails[type eq "work"].value</c>.
/// </summary>
/// <param name="Attribute">The attribute path in front of a bracket, for example <c>emails</c> or <c>name.familyName</c>.</param>
/// <param name="ValueFilter">The filter between brackets, or null. <see cref="Filter.Bind(Schemas.SchemaAttribute)"/> binds it.</param>
/// <param name="SubAttribute">The sub-attribute behind the closing bracket, or null.</param>
public sealed record PatchPath(string Attribute, Filter? ValueFilter, string? SubAttribute)
{
    /// <summary>Reads a path; throws invalidPath, or invalidFilter between brackets, with the character (from 1) and what was expected there.</summary>
    public static PatchPath Parse(string text, ScimLimits limits) => FilterParser.ParsePatchPath(text, limits);

    /// <summary>Prints the path; parsing the text again gives an equal path.</summary>
    public override string ToString() =>
        (ValueFilter is null ? Attribute : $"{Attribute}[{ValueFilter}]") + (SubAttribute is null ? "" : $".{SubAttribute}");
}
