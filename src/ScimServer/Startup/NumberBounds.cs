using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace ScimServer.Startup;

/// <summary>Refuses numbers outside of the <see cref="RangeAttribute"/> that stands at their option.</summary>
/// <param name="section">Where the options are in the configuration.</param>
internal sealed class NumberBounds<TOptions>(string section) : OptionsValidator<TOptions>
    where TOptions : class
{
    protected override IEnumerable<string> Failures(TOptions options) =>
        from option in typeof(TOptions).GetProperties()
        let range = option.GetCustomAttribute<RangeAttribute>()
        where range is not null
        let value = option.GetValue(options)
        where !range.IsValid(value)
        let bounds = range.Maximum is int.MaxValue ? $"at least {range.Minimum}" : $"{range.Minimum} to {range.Maximum}"
        select string.Create(CultureInfo.InvariantCulture, $"{section}:{option.Name} must be {bounds}, not {value}.");
}
