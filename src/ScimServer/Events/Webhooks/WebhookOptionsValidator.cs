using Microsoft.Extensions.Options;

namespace ScimServer.Events.Webhooks;

/// <summary>Refuses what makes no sense before the server starts.</summary>
internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    private const int MaxConcurrency = 100;
    private const int MaxDays = 365;

    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        (string Name, int Value, int Min, int Max)[] numbers =
        [
            (nameof(options.Concurrency), options.Concurrency, 1, MaxConcurrency),
            (nameof(options.DisableAfterDays), options.DisableAfterDays, 1, MaxDays),
            (nameof(options.AttemptRetentionDays), options.AttemptRetentionDays, 1, MaxDays),
            (nameof(options.TokenWarningDays), options.TokenWarningDays, 0, MaxDays),
        ];
        var wrong = numbers.FirstOrDefault(number => number.Value < number.Min || number.Value > number.Max);
        return wrong.Name is null
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{WebhookOptions.Section}:{wrong.Name} must be {wrong.Min} to {wrong.Max}, not {wrong.Value}.");
    }
}
