using Microsoft.Extensions.Options;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Refuses what makes no sense before the server starts.</summary>
internal sealed class SecurityEventsOptionsValidator : IValidateOptions<SecurityEventsOptions>
{
    private const int MaxKeyDays = 3_650;
    private const int MaxWait = 300;
    private const int MaxPauseDays = 365;

    public ValidateOptionsResult Validate(string? name, SecurityEventsOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.Issuer)
            && !(Uri.TryCreate(options.Issuer, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.Query.Length + uri.Fragment.Length == 0))
        {
            return Fail(nameof(options.Issuer), $"must be an absolute URL without query or fragment, such as https://scim.example.com, not \"{options.Issuer}\"");
        }

        return OutOfRange(nameof(options.KeyDays), options.KeyDays, 2, MaxKeyDays)
            ?? OutOfRange(nameof(options.PollWaitSeconds), options.PollWaitSeconds, 1, MaxWait)
            ?? OutOfRange(nameof(options.PauseAfterDays), options.PauseAfterDays, 1, MaxPauseDays)
            ?? ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult? OutOfRange(string name, int value, int min, int max) =>
        value >= min && value <= max ? null : Fail(name, $"must be {min} to {max}, not {value}");

    private static ValidateOptionsResult Fail(string name, string what) => ValidateOptionsResult.Fail($"{SecurityEventsOptions.Section}:{name} {what}.");
}
