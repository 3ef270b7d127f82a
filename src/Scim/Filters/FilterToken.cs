namespace Scim.Filters;

internal enum FilterTokenKind
{
    Word,
    String,
    LeftParenthesis,
    RightParenthesis,
    LeftBracket,
    RightBracket,
    End,
}

/// <summary>A piece of filter text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The word, or the string without its escapes.</param>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index behind its last character.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Text, int Start, int End)
{
    public bool IsWord(string word) => Kind == FilterTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
