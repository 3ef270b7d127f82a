using System.Globalization;
using System.Text;
using Scim.Errors;

namespace Scim.Filters;

/// <summary>Cuts filter text into words, strings, brackets and parentheses. Holds one token at a time.</summary>
internal sealed class FilterLexer
{
    private readonly string text;
    private int position;

    public FilterLexer(string text) => this.text = text;

    /// <summary>True in the part of a PATCH path outside of brackets: there an error is invalidPath (RFC 7644 §3.12, Table 9).</summary>
    public bool OutsideFilter { get; set; }

    /// <summary>Reads the next token; behind the last one, always the end.</summary>
    public FilterToken Next()
    {
        while (position < text.Length && text[position] == ' ')
        {
            position++;
        }

        if (position == text.Length)
        {
            return new FilterToken(FilterTokenKind.End, "", position, position);
        }

        return text[position] switch
        {
            '(' => Single(FilterTokenKind.LeftParenthesis),
            ')' => Single(FilterTokenKind.RightParenthesis),
            '[' => Single(FilterTokenKind.LeftBracket),
            ']' => Single(FilterTokenKind.RightBracket),
            '"' => ReadString(),
            _ => ReadWord(),
        };
    }

    private FilterToken Single(FilterTokenKind kind)
    {
        var start = position++;
        return new FilterToken(kind, text[start].ToString(), start, position);
    }

    private FilterToken ReadWord()
    {
        var start = position;
        while (position < text.Length && text[position] is not (' ' or '(' or ')' or '[' or ']' or '"'))
        {
            if (char.IsControl(text[position]))
            {
                throw At(position, $"a control character (U+{(int)text[position]:X4}) stands outside of a string");
            }

            position++;
        }

        return new FilterToken(FilterTokenKind.Word, text[start..position], start, position);
    }

    /// <summary>A string by the rules of JSON (RFC 8259 §7): what is behind a backslash is decoded, control characters are not allowed.</summary>
    private FilterToken ReadString()
    {
        var start = position++;
        var value = new StringBuilder();
        while (true)
        {
            if (position == text.Length)
            {
                throw At(start, "the string that begins here has no closing quotation mark");
            }

            var c = text[position];
            if (c == '"')
            {
                position++;
                return new FilterToken(FilterTokenKind.String, Checked(value.ToString(), start), start, position);
            }

            if (c < ' ')
            {
                throw At(position, $"the control character U+{(int)c:X4} must be written as an escape in a string");
            }

            value.Append(c == '\\' ? ReadEscape() : c);
            position++;
        }
    }

    /// <summary>Leaves the position on the last character of the escape.</summary>
    private char ReadEscape()
    {
        var escape = position++;
        return (position < text.Length ? text[position] : '\0') switch
        {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => ReadCodeUnit(escape),
            _ => throw At(escape, "expected one of the escapes of JSON: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
        };
    }

    private char ReadCodeUnit(int escape)
    {
        var digits = text.AsSpan(position + 1, Math.Min(4, text.Length - position - 1));
        if (digits.Length < 4 || !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
        {
            throw At(escape, "expected four hexadecimal digits behind \\u");
        }

        position += 4;
        return (char)unit;
    }

    /// <summary>Half a surrogate pair is no text, and U+0000 cannot be stored, so that nothing could match.</summary>
    private string Checked(string value, int start)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw At(start, "the string contains the character U+0000, which no value has");
        }

        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(value[i]))
            {
                throw At(start, "the string contains half of a surrogate pair");
            }
        }

        return value;
    }

    /// <summary>An error at a character, counted from 1.</summary>
    public ScimException At(int index, string problem) => OutsideFilter
        ? ScimErrors.InvalidPath($"Invalid path at character {index + 1}: {problem}.")
        : ScimErrors.InvalidFilter($"Invalid filter at character {index + 1}: {problem}.");
}
