namespace Scim.Resources;

/// <summary>Names the attributes in which two documents differ.</summary>
public static class ChangedPaths
{
    /// <summary>Canonical paths in schema order; a single complex value is named by its sub-attributes, a multi-valued attribute as a whole.</summary>
    public static IReadOnlyList<string> Between(ResourceDocument before, ResourceDocument after) =>
        [.. AttributeChange.Between(before, after).Select(change => change.Path.ToString())];

    /// <summary>The paths of all attributes that a document has.</summary>
    public static IReadOnlyList<string> Of(ResourceDocument document) => Between(new ResourceDocument(document.Type, []), document);
}
