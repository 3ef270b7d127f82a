namespace Scim.EntityFrameworkCore.Access;

/// <summary>An operator asked for something about tenants or tokens that cannot be done; the message says why.</summary>
public sealed class AccessException(string message) : Exception(message)
{
    private const int MaxNameLength = 100;

    internal static void ThrowIfUnusableName(string what, string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength || name.Any(char.IsControl))
        {
            throw new AccessException($"The name of a {what} must have 1 to {MaxNameLength} printable characters.");
        }
    }
}
