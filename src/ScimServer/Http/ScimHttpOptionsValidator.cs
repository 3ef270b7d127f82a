using ScimServer.Startup;

namespace ScimServer.Http;

/// <summary>Refuses to start with addresses that clients could not follow.</summary>
internal sealed class ScimHttpOptionsValidator : OptionsValidator<ScimHttpOptions>
{
    protected override IEnumerable<string> Failures(ScimHttpOptions options)
    {
        (string Name, string? Url)[] addresses = [(nameof(options.PublicBaseUrl), options.PublicBaseUrl), (nameof(options.DocumentationUri), options.DocumentationUri)];
        foreach (var (name, url) in addresses.Where(address => !IsUsable(address.Url)))
        {
            yield return $"{ScimHttpOptions.Section}:{name} must be an absolute http or https URL, not \"{url}\".";
        }

        if (options.PublicBaseUrl?.IndexOfAny(['?', '#']) >= 0)
        {
            yield return $"{ScimHttpOptions.Section}:{nameof(options.PublicBaseUrl)} must have neither a query nor a fragment.";
        }
    }

    private static bool IsUsable(string? url) =>
        string.IsNullOrWhiteSpace(url) || (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https"));
}
