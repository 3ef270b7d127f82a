namespace Scim.Schemas;

/// <summary>
/// Which attributes of RFC 7643 have values that many people share, or none that tells of a person. Values of every other attribute,
/// those of schemas that were added too, are taken for values by which a person can be told.
/// </summary>
public static class SharedAttributes
{
    private static readonly HashSet<string> Names = new(
        [
            "schemas", "meta", "$ref", "type", "primary", "active", "groups", "members", "manager", "roles", "entitlements",
            "title", "userType", "honorificPrefix", "honorificSuffix", "preferredLanguage", "locale", "timezone",
            "locality", "region", "postalCode", "country", "costCenter", "organization", "division", "department",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether an attribute or sub-attribute of the name has such values; what is below it does not count either.</summary>
    public static bool Has(string name) => Names.Contains(name);
}
