using Microsoft.Extensions.Options;

namespace ScimServer.Http;

/// <summary>Refuses to start with addresses that clients could not follow.</summary>
internal sealed class ScimHttpOptionsValidator : IValidateOptions<ScimHttpOptions>
{
    public ValidateOptionsResult Validate(string? name, ScimHttpOptions options)
    {
        var failures = new List<string>();
        Check(failures, nameof(options.PublicBaseUrl), options.PublicBaseUrl);
        Check(failures, nameof(options.DocumentationUri), options.DocumentationUri);
        if (options.PublicBaseUrl?.IndexOfAny(['?', '#']) >= 0)
        {
            failures.Add($"{ScimHttpOptions.Section}:{nameof(options.PublicBaseUrl)} must have neither a query nor a fragment.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(List<string> failures, string name, string? url)
    {
        var isUsable = string.IsNullOrWhiteSpace(url)
            || (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https"));
        if (!isUsable)
        {
            failures.Add($"{ScimHttpOptions.Section}:{name} must be an absolute http or https URL, not \"{url}\".");
        }
    }
}
