using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>
/// Names of the authorization policies, each of which asks for the scope of its name. An endpoint of SCIM that names none is
/// given one by its method: <see cref="Read"/> for GET and HEAD, <see cref="Write"/> for all others.
/// </summary>
public static class ScimPolicies
{
    /// <summary>Reads a tenant's resources.</summary>
    public const string Read = AccessScopeNames.ScimRead;

    /// <summary>Changes a tenant's resources.</summary>
    public const string Write = AccessScopeNames.ScimWrite;

    /// <summary>Follows what changes at a tenant.</summary>
    public const string Events = AccessScopeNames.Events;

    /// <summary>Administers the server: for the operator, who belongs to no tenant.</summary>
    public const string Admin = AccessScopeNames.Admin;

    internal static IReadOnlyList<string> All { get; } = [Read, Write, Events, Admin];

    /// <summary>The policy of an endpoint that names none.</summary>
    internal static string ForMethods(IReadOnlyList<string> methods) =>
        methods.All(method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) ? Read : Write;
}
