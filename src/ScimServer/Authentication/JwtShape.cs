namespace ScimServer.Authentication;

/// <summary>Tells a signed JWT by its looks (RFC 7515 §7.1), before anything of it is decoded.</summary>
internal static class JwtShape
{
    /// <summary>Longer ones are refused unread. Kestrel takes 32 KB of headers.</summary>
    public const int MaxLength = 16_384;

    /// <summary>Every header begins so: it is base64url of <c>{"</c>.</summary>
    private const string Beginning = "eyJ";

    public static bool IsOne(string token) =>
        token.Length <= MaxLength && token.StartsWith(Beginning, StringComparison.Ordinal) && token.AsSpan().Count('.') == 2;
}
