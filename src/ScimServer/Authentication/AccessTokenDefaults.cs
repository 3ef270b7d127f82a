namespace ScimServer.Authentication;

/// <summary>Names of the authentication by access token.</summary>
internal static class AccessTokenDefaults
{
    /// <summary>The authentication scheme, as ASP.NET Core knows it.</summary>
    public const string Scheme = "AccessToken";

    /// <summary>The protection space that clients are told (RFC 9110 §11.5).</summary>
    public const string Realm = "scim";
}
