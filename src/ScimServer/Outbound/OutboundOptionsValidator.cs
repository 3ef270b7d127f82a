using System.Net;
using Microsoft.Extensions.Options;

namespace ScimServer.Outbound;

/// <summary>Refuses what makes no sense before the server starts.</summary>
internal sealed class OutboundOptionsValidator : IValidateOptions<OutboundOptions>
{
    private const int MaxSeconds = 60;
    private const int MaxBytes = 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, OutboundOptions options)
    {
        if (options.AllowedNetworks.FirstOrDefault(network => !IPNetwork.TryParse(network, out _)) is { } wrong)
        {
            return Fail(nameof(options.AllowedNetworks), $"must be networks such as 10.20.0.0/16, not \"{wrong}\"");
        }

        if (options.TimeoutSeconds is < 1 or > MaxSeconds)
        {
            return Fail(nameof(options.TimeoutSeconds), $"must be 1 to {MaxSeconds}, not {options.TimeoutSeconds}");
        }

        if (options.ConnectTimeoutSeconds is < 1 or > MaxSeconds)
        {
            return Fail(nameof(options.ConnectTimeoutSeconds), $"must be 1 to {MaxSeconds}, not {options.ConnectTimeoutSeconds}");
        }

        return options.MaxAnswerBytes is < 0 or > MaxBytes
            ? Fail(nameof(options.MaxAnswerBytes), $"must be 0 to {MaxBytes}, not {options.MaxAnswerBytes}")
            : ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult Fail(string name, string what) => ValidateOptionsResult.Fail($"{OutboundOptions.Section}:{name} {what}.");
}
