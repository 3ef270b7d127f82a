using Scim.EntityFrameworkCore.Access;
using ScimServer.Startup;

namespace ScimServer.Authentication;

/// <summary>Refuses issuers that could let in nobody, or everybody.</summary>
internal sealed class JwtOptionsValidator : OptionsValidator<JwtOptions>
{
    protected override IEnumerable<string> Failures(JwtOptions options) =>
        options.Issuers.SelectMany((issuer, index) => Failures(issuer).Select(failure => $"{JwtOptions.Section}:{nameof(options.Issuers)}:{index}: {failure}"));

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

        if (string.IsNullOrWhiteSpace(issuer.TenantClaim) == issuer.Tenants.Count > 0 || issuer.Tenants.Values.Any(string.IsNullOrWhiteSpace))
        {
            yield return "Tenants belongs to TenantClaim: the name of a tenant for each value of the claim that is accepted.";
        }

        if (!string.IsNullOrWhiteSpace(issuer.Scopes) && issuer.Subjects.Count == 0)
        {
            yield return "Scopes needs Subjects, the clients that are meant: many issuers give a token to every client that asks.";
        }

        if (!string.IsNullOrWhiteSpace(issuer.Authority) && !string.IsNullOrWhiteSpace(issuer.JwksUri))
        {
            yield return "Authority and JwksUri exclude each other.";
        }

        if (!IssuerMetadata.IsFetchable(issuer.KeysFrom, issuer.RequireHttps))
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
}
