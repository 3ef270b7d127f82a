using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>Refuses issuers that could let in nobody, or everybody.</summary>
internal sealed class JwtOptionsValidator : IValidateOptions<JwtOptions>
{
    public ValidateOptionsResult Validate(string? name, JwtOptions options)
    {
        var failures = options.Issuers.SelectMany((issuer, index) => Failures(issuer).Select(failure => $"{JwtOptions.Section}:Issuers:{index}: {failure}")).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(JwtIssuerOptions issuer)
    {
        if (string.IsNullOrWhiteSpace(issuer.Name) || string.IsNullOrWhiteSpace(issuer.Issuer) || string.IsNullOrWhiteSpace(issuer.Audience))
        {
            yield return "Name, Issuer and Audience must be set.";
        }

        if (string.IsNullOrWhiteSpace(issuer.Tenant) == string.IsNullOrWhiteSpace(issuer.TenantClaim))
        {
            yield return "Either Tenant or TenantClaim must be set.";
        }

        if (!string.IsNullOrWhiteSpace(issuer.Authority) && !string.IsNullOrWhiteSpace(issuer.JwksUri))
        {
            yield return "Authority and JwksUri exclude each other.";
        }

        if (!IsFetchable(issuer.KeysFrom, issuer.RequireHttps))
        {
            yield return $"The keys must come from an absolute {(issuer.RequireHttps ? "https" : "http or https")} URL, not \"{issuer.KeysFrom}\".";
        }

        foreach (var text in issuer.Roles.Values.Append(issuer.Scopes).OfType<string>())
        {
            var unknown = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(scope => AccessScopeNames.Find(scope) is AccessScopes.None or AccessScopes.Admin).ToList();
            if (unknown.Count > 0)
            {
                yield return $"A JWT cannot give \"{unknown[0]}\"; it can give {AccessScopeNames.ScimRead}, {AccessScopeNames.ScimWrite} and {AccessScopeNames.Events}.";
            }
        }
    }

    private static bool IsFetchable(string address, bool requireHttps) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && !requireHttps));
}
