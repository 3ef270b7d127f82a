namespace Scim.EntityFrameworkCore.Access;

/// <summary>Why something that an operator or the receiver of a stream asks for cannot be done.</summary>
public enum AccessFault
{
    /// <summary>What was given makes no sense.</summary>
    Invalid,

    /// <summary>There is no such tenant, token, client, webhook, stream or person.</summary>
    NotFound,

    /// <summary>It does not fit what there is.</summary>
    Conflict,

    /// <summary>It was asked for too often; another time it can be done.</summary>
    TooMany,
}

/// <summary>An operator, or the receiver of a stream, asked for something that cannot be done; the message says why.</summary>
public sealed class AccessException(string message) : Exception(message)
{
    private const int MaxNameLength = 100;

    /// <summary>What kind of reason it is.</summary>
    public AccessFault Fault { get; init; }

    /// <summary>The name of what was given and cannot be taken, as JSON has it; null when it is none in particular.</summary>
    public string? Field { get; init; }

    internal static AccessException NoTenant(string name) => new($"There is no tenant \"{name}\".") { Fault = AccessFault.NotFound };

    internal static AccessException NoToken(Guid id) => new($"There is no token with the id {id}.") { Fault = AccessFault.NotFound };

    internal static AccessException NoClient(Guid id) => new($"There is no client with the id {id}.") { Fault = AccessFault.NotFound };

    internal static void ThrowIfNotATenants(AccessScopes scopes)
    {
        if (scopes == AccessScopes.None || scopes.HasFlag(AccessScopes.Admin))
        {
            throw new AccessException(
                $"A token or client of a tenant has one or more of the scopes {AccessScopeNames.ScimRead}, {AccessScopeNames.ScimWrite} and {AccessScopeNames.Events}. "
                + $"{AccessScopeNames.Admin} is for tokens of the operator, which belong to no tenant.")
            {
                Field = "scopes",
            };
        }
    }

    internal static void ThrowIfUnusableName(string what, string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength || name.Any(char.IsControl))
        {
            throw new AccessException($"The name of a {what} must have 1 to {MaxNameLength} printable characters.") { Field = "name" };
        }
    }
}
