using Microsoft.Extensions.Options;

namespace ScimServer.Startup;

/// <summary>Refuses options that make no sense before the server starts, with a sentence for each that names the setting.</summary>
internal abstract class OptionsValidator<TOptions> : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        Failures(options).ToList() is { Count: > 0 } failures ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;

    protected abstract IEnumerable<string> Failures(TOptions options);
}
