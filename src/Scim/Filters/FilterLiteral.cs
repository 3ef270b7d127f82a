using System.Globalization;
using System.Text;

namespace Scim.Filters;

/// <summary>A comparison value as it was written: a JSON string, number, boolean or null.</summary>
public abstract record FilterLiteral
{
    private FilterLiteral()
    {
    }

    /// <summary>Prints the literal as JSON.</summary>
    public sealed override string ToString() => this switch
    {
        String text => Quote(text.Value),
        Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        Boolean boolean => boolean.Value ? "true" : "false",
        _ => "null",
    };

    /// <summary>The text between quotation marks, with JSON's escapes.</summary>
    internal static string Quote(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            if (c is '"' or '\\')
            {
                result.Append('\\').Append(c);
            }
            else if (char.IsControl(c))
            {
                result.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                result.Append(c);
            }
        }

        return result.Append('"').ToString();
    }

    /// <summary>A string, without its escapes: <c>"a\"b"</c> holds <c>a"b</c>.</summary>
    public sealed record String(string Value) : FilterLiteral;

    /// <summary>A number.</summary>
    public sealed record Number(decimal Value) : FilterLiteral;

    /// <summary>true or false.</summary>
    public sealed record Boolean(bool Value) : FilterLiteral;

    /// <summary>null: compared with <c>eq</c> it means that the attribute is absent.</summary>
    public sealed record Null : FilterLiteral;
}
