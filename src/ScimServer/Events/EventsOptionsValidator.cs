using Microsoft.Extensions.Options;

namespace ScimServer.Events;

/// <summary>Refuses what makes no sense before the server starts.</summary>
internal sealed class EventsOptionsValidator : IValidateOptions<EventsOptions>
{
    private const int MaxDays = 36_500;
    private const int MinLook = 10;
    private const int MaxLook = 60_000;
    private const int MinLease = 2;
    private const int MaxLease = 300;

    public ValidateOptionsResult Validate(string? name, EventsOptions options)
    {
        if (options.RetentionDays is < 0 or > MaxDays)
        {
            return ValidateOptionsResult.Fail($"{EventsOptions.Section}:{nameof(options.RetentionDays)} must be 0 to {MaxDays}, not {options.RetentionDays}.");
        }

        if (options.LeaseSeconds is < MinLease or > MaxLease)
        {
            return ValidateOptionsResult.Fail($"{EventsOptions.Section}:{nameof(options.LeaseSeconds)} must be {MinLease} to {MaxLease}, not {options.LeaseSeconds}.");
        }

        return options.LookMilliseconds is < MinLook or > MaxLook
            ? ValidateOptionsResult.Fail($"{EventsOptions.Section}:{nameof(options.LookMilliseconds)} must be {MinLook} to {MaxLook}, not {options.LookMilliseconds}.")
            : ValidateOptionsResult.Success;
    }
}
