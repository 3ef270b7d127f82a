namespace Scim.EntityFrameworkCore.Access;

/// <summary>What a token allows.</summary>
[Flags]
public enum AccessScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reading resources: <c>scim:read</c>.</summary>
    ScimRead = 1,

    /// <summary>Creating, changing and deleting resources: <c>scim:write</c>.</summary>
    ScimWrite = 2,

    /// <summary>Following what changes: <c>events</c>.</summary>
    Events = 4,

    /// <summary>Administration of the server: <c>admin</c>. Only a token of the operator has it, which belongs to no tenant.</summary>
    Admin = 8,

    /// <summary>What an identity provider needs, and a token has unless something else is asked for.</summary>
    Provisioning = ScimRead | ScimWrite,
}

/// <summary>The scopes as they are written: names with blanks between them (RFC 6749 §3.3).</summary>
public static class AccessScopeNames
{
    /// <summary>Reading resources.</summary>
    public const string ScimRead = "scim:read";

    /// <summary>Creating, changing and deleting resources.</summary>
    public const string ScimWrite = "scim:write";

    /// <summary>Following what changes.</summary>
    public const string Events = "events";

    /// <summary>Administration of the server.</summary>
    public const string Admin = "admin";

    private static readonly (AccessScopes Scope, string Name)[] Known =
    [
        (AccessScopes.ScimRead, ScimRead),
        (AccessScopes.ScimWrite, ScimWrite),
        (AccessScopes.Events, Events),
        (AccessScopes.Admin, Admin),
    ];

    /// <summary>The names of the scopes.</summary>
    public static IEnumerable<string> Of(AccessScopes scopes) => Known.Where(known => scopes.HasFlag(known.Scope)).Select(known => known.Name);

    /// <summary>The scopes as one text.</summary>
    public static string Format(AccessScopes scopes) => string.Join(' ', Of(scopes));

    /// <summary>The scope of that name, or <see cref="AccessScopes.None"/>.</summary>
    public static AccessScopes Find(string name) => Known.FirstOrDefault(known => known.Name == name).Scope;

    /// <summary>Reads names with blanks between them. Names that are not known give nothing.</summary>
    public static AccessScopes Parse(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(AccessScopes.None, (scopes, name) => scopes | Find(name));
}
