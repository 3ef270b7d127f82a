namespace Scim.EntityFrameworkCore.Access;

/// <summary>The kinds of identity providers that a token can be marked with.</summary>
public static class IdentityProviders
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Known { get; } = ["okta", "entra", "google", "jumpcloud", "onelogin", "ping", "other"];

    internal static void ThrowIfUnknown(string? name)
    {
        if (name is not null && !Known.Contains(name))
        {
            throw new AccessException($"The kind of identity provider must be one of {string.Join(", ", Known)}.") { Field = "identityProvider" };
        }
    }
}
