using Microsoft.Extensions.Primitives;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>What a request's Authorization header holds (RFC 6750 §2.1).</summary>
internal readonly record struct BearerCredential(string? Token, bool IsPresent)
{
    private const string Scheme = "Bearer";

    /// <summary>
    /// Reads the header. Another scheme counts as no credential, as the challenge for it is the same; a header given twice
    /// counts as a wrong one, since which of them holds is not for the server to guess.
    /// </summary>
    public static BearerCredential Read(StringValues header)
    {
        if (header.Count == 0)
        {
            return default;
        }

        if (header.Count > 1)
        {
            return new BearerCredential(null, IsPresent: true);
        }

        var text = header.ToString().Trim();
        var isBearer = text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && (text.Length == Scheme.Length || char.IsWhiteSpace(text[Scheme.Length]));
        if (!isBearer)
        {
            return default;
        }

        var token = text[Scheme.Length..].Trim();
        return new BearerCredential(TokenSecret.IsWellFormed(token) || JwtShape.IsOne(token) ? token : null, IsPresent: true);
    }

    /// <summary>Without the token: a record prints its members, and this one may end up in a log.</summary>
    public override string ToString() => nameof(BearerCredential);
}
