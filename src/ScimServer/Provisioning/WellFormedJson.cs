using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace ScimServer.Provisioning;

/// <summary>
/// JSON whose strings are text. A parser passes over bytes that are no UTF-8 and halves of surrogate pairs (<c>\ud800</c>), and fails only when
/// such a string is asked for; each is replaced by U+FFFD here, so that of a request refused for one the rest can be shown.
/// </summary>
internal static partial class WellFormedJson
{
    /// <summary>The JSON itself where there is nothing to replace.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> json) =>
        Utf8.IsValid(json.Span) && json.Span.IndexOf(@"\u"u8) < 0
            ? json
            : Encoding.UTF8.GetBytes(Escape().Replace(Encoding.UTF8.GetString(json.Span), escape => escape.Groups["half"].Success ? @"\ufffd" : escape.Value));

    /// <summary>Every escape is matched, whole pairs and <c>\\</c> too, so that none is begun in the middle of another.</summary>
    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Escape();
}
