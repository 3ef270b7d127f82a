using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Startup;

/// <summary>Refuses a bootstrap token that no client could send. The token itself is not repeated.</summary>
internal sealed class StartupOptionsValidator : OptionsValidator<StartupOptions>
{
    private const int MinLength = 16;

    protected override IEnumerable<string> Failures(StartupOptions options)
    {
        var token = options.BootstrapToken;
        var isUsable = string.IsNullOrEmpty(token)
            || (token.Length >= MinLength && token.All(c => c is > ' ' and <= '~') && TokenSecret.IsWellFormed(token));
        if (!isUsable)
        {
            yield return $"{StartupOptions.Section}:{nameof(options.BootstrapToken)} must have {MinLength} to {TokenSecret.MaxLength} printable ASCII characters and no blanks; "
                + $"one that begins with {TokenSecret.Prefix} must be complete.";
        }
    }
}
