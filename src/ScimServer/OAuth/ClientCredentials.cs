using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.OAuth;

/// <summary>
/// The <c>client_id</c> and <c>client_secret</c> of a request: in the Authorization header, form-encoded (RFC 6749 §2.3.1), in the body, or, as Entra ID can be
/// told to, in both.
/// </summary>
internal readonly record struct ClientCredentials(string? Id, string? Secret)
{
    private const string Scheme = "Basic";
    private const int MaxHeaderLength = 2048;

    /// <summary>Whether there can be such a client, with such a secret (RFC 6749 appendix A).</summary>
    public bool ArePossible => Guid.TryParseExact(Id, "D", out _) && Secret is { Length: > 0 and <= TokenSecret.MaxLength } && Secret.All(c => c is >= ' ' and <= '~');

    /// <summary>Reads the body's.</summary>
    public static ClientCredentials Of(IFormCollection form) => new(Single(form, "client_id"), Single(form, "client_secret"));

    /// <summary>Reads the header's; null when it holds none, or cannot be read.</summary>
    public static ClientCredentials? Of(IHeaderDictionary headers)
    {
        if (headers.Authorization is not [{ Length: <= MaxHeaderLength } text] || !AuthenticationHeaderValue.TryParse(text, out var header)
            || !Scheme.Equals(header.Scheme, StringComparison.OrdinalIgnoreCase) || header.Parameter is null || !Base64.IsValid(header.Parameter))
        {
            return null;
        }

        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header.Parameter));
        return pair.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? new ClientCredentials(Decode(pair[..colon]), Decode(pair[(colon + 1)..])) : null;
    }

    /// <summary>Without the secret: a record prints its members, and this one may end up in a log.</summary>
    public override string ToString() => nameof(ClientCredentials);

    private static string? Single(IFormCollection form, string name) => form[name] is [{ Length: > 0 } value] ? value : null;

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
