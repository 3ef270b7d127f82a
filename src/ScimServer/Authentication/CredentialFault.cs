using System.Globalization;
using Microsoft.Extensions.Primitives;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>What is wrong with a credential by its looks, in words for the operator: what administrators do when they paste a token.</summary>
internal static class CredentialFault
{
    private const string Scheme = "Bearer";

    /// <summary>What is wrong with an Authorization header; null when it looks like a token, which the database or an issuer does not know then.</summary>
    public static string? Of(StringValues header)
    {
        if (header.Count == 0)
        {
            return "there is no Authorization header";
        }

        if (header.Count > 1)
        {
            return "the Authorization header is there twice";
        }

        var text = header.ToString().Trim();
        if (text.StartsWith(TokenSecret.Prefix, StringComparison.Ordinal))
        {
            return "the word Bearer is missing in front of the token";
        }

        return text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? OfToken(text[Scheme.Length..].Trim())
            : "the Authorization header has another scheme than Bearer";
    }

    private static string? OfToken(string token)
    {
        if (token.Length == 0)
        {
            return "there is no token behind the word Bearer";
        }

        if (token.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase))
        {
            return "the word Bearer is there twice: it was pasted with the token";
        }

        if (token[0] is '"' or '\'' or '<' or '{' or '“')
        {
            return "the token is in quotation marks or brackets";
        }

        if (token.Any(char.IsWhiteSpace))
        {
            return "there are blanks in the token";
        }

        return token.StartsWith(TokenSecret.Prefix, StringComparison.Ordinal) ? OfOwn(token)
            : token.Length > TokenSecret.MaxLength && !JwtShape.IsOne(token) ? "the token is too long to be one"
            : null;
    }

    private static string? OfOwn(string token) => token.Length switch
    {
        < TokenSecret.Length => string.Create(CultureInfo.InvariantCulture, $"the token is truncated: {token.Length} of {TokenSecret.Length} characters arrived"),
        > TokenSecret.Length => string.Create(CultureInfo.InvariantCulture, $"something was pasted behind the token: {token.Length} characters instead of {TokenSecret.Length} arrived"),
        _ => TokenSecret.IsWellFormed(token) ? null : "the token is mistyped: its checksum is wrong",
    };
}
