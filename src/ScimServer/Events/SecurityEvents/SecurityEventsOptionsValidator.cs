using ScimServer.Startup;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Refuses an issuer that no address can be made of.</summary>
internal sealed class SecurityEventsOptionsValidator : OptionsValidator<SecurityEventsOptions>
{
    protected override IEnumerable<string> Failures(SecurityEventsOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.Issuer)
            && !(Uri.TryCreate(options.Issuer, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.Query.Length + uri.Fragment.Length == 0))
        {
            yield return $"{SecurityEventsOptions.Section}:{nameof(options.Issuer)} must be an absolute URL without query or fragment, such as "
                + $"https://scim.example.com, not \"{options.Issuer}\".";
        }
    }
}
