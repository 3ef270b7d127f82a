using Microsoft.Extensions.Options;

namespace ScimServer.Startup;

/// <summary>Bounds what clients may take.</summary>
internal sealed class ConnectionOptionsValidator : IValidateOptions<ConnectionOptions>
{
    private const int MaxSeconds = 3600;
    private const int MaxConnections = 1_000_000;
    private const int MaxBytes = 1024 * 1024;

    /// <summary>The web server looks once a second.</summary>
    private const int LeastGrace = 2;

    public ValidateOptionsResult Validate(string? name, ConnectionOptions options)
    {
        string?[] failures =
        [
            OutOfBounds(nameof(options.RequestHeadersSeconds), options.RequestHeadersSeconds, 1, MaxSeconds),
            OutOfBounds(nameof(options.MinBodyBytesPerSecond), options.MinBodyBytesPerSecond, 1, MaxBytes),
            OutOfBounds(nameof(options.BodyGraceSeconds), options.BodyGraceSeconds, LeastGrace, MaxSeconds),
            OutOfBounds(nameof(options.MaxConnections), options.MaxConnections, 0, MaxConnections),
        ];
        return failures.OfType<string>().ToList() is { Count: > 0 } found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
    }

    private static string? OutOfBounds(string option, int value, int least, int most) =>
        value >= least && value <= most ? null : $"{ConnectionOptions.Section}:{option} must be {least} to {most}, not {value}.";
}
