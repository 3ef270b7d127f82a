using Microsoft.Extensions.Options;

namespace ScimServer.Events;

/// <summary>Refuses what makes no sense before the server starts.</summary>
internal sealed class EventsOptionsValidator : IValidateOptions<EventsOptions>
{
    private const int MaxDays = 36_500;
    private const int MinLook = 10;
    private const int MaxLook = 60_000;

    public ValidateOptionsResult Validate(string? name, EventsOptions options)
    {
        if (options.RetentionDays is < 0 or > MaxDays)
        {
            return ValidateOptionsResult.Fail($"{EventsOptions.Section}:{nameof(options.RetentionDays)} must be 0 to {MaxDays}, not {options.RetentionDays}.");
        }

        return options.LookMilliseconds is < MinLook or > MaxLook
            ? ValidateOptionsResult.Fail($"{EventsOptions.Section}:{nameof(options.LookMilliseconds)} must be {MinLook} to {MaxLook}, not {options.LookMilliseconds}.")
            : ValidateOptionsResult.Success;
    }
}
