using System.Globalization;
using System.Text.RegularExpressions;
using Scim.Errors;
using Scim.Resources;

namespace Scim.Filters;

/// <summary>
/// Reads filters and the paths of PATCH operations (grammar.abnf). Every recursion is counted, so that the bounds of
/// <see cref="ScimLimits"/> refuse a hostile filter before the stack or the time runs out.
/// </summary>
internal sealed partial class FilterParser
{
    private readonly FilterLexer lexer;
    private readonly ScimLimits limits;
    private readonly bool isPath;
    private FilterToken token;
    private int depth;
    private int terms;

    private FilterParser(string text, ScimLimits limits, bool isPath)
    {
        if (text.Length > limits.MaxFilterLength)
        {
            var detail = string.Create(CultureInfo.InvariantCulture, $"has {text.Length} characters; at most {limits.MaxFilterLength} are read.");
            throw isPath ? ScimErrors.InvalidPath($"The path {detail}") : ScimErrors.InvalidFilter($"The filter {detail}");
        }

        (this.limits, this.isPath) = (limits, isPath);
        lexer = new FilterLexer(text) { OutsideFilter = isPath };
        token = lexer.Next();
    }

    /// <summary>Reads the whole text as a filter.</summary>
    public static Filter ParseFilter(string text, ScimLimits limits) => new FilterParser(text, limits, isPath: false).ParseFilter();

    /// <summary>Reads the whole text as the path of a PATCH operation.</summary>
    public static PatchPath ParsePatchPath(string text, ScimLimits limits) => new FilterParser(text, limits, isPath: true).ParsePatchPath();

    private Filter ParseFilter()
    {
        var filter = ParseOr(inValuePath: false);
        return token.Kind == FilterTokenKind.End ? filter : throw Unexpected("\"and\", \"or\" or the end of the filter");
    }

    private PatchPath ParsePatchPath()
    {
        var attribute = ParsePath();
        if (token.Kind == FilterTokenKind.End)
        {
            return new PatchPath(attribute, null, null);
        }

        if (token.Kind != FilterTokenKind.LeftBracket)
        {
            throw Unexpected("\"[\" or the end of the path");
        }

        var filter = ParseBrackets(out var end);
        var subAttribute = TryParseSubAttribute(end);
        return token.Kind == FilterTokenKind.End
            ? new PatchPath(attribute, filter, subAttribute)
            : throw Unexpected("\".\" with a sub-attribute, or the end of the path");
    }

    private Filter ParseOr(bool inValuePath)
    {
        var left = ParseAnd(inValuePath);
        while (token.IsWord("or"))
        {
            Advance();
            left = new Filter.Or(left, ParseAnd(inValuePath));
        }

        return left;
    }

    private Filter ParseAnd(bool inValuePath)
    {
        var left = ParseTerm(inValuePath);
        while (token.IsWord("and"))
        {
            Advance();
            left = new Filter.And(left, ParseTerm(inValuePath));
        }

        return left;
    }

    private Filter ParseTerm(bool inValuePath)
    {
        if (token.Kind == FilterTokenKind.LeftParenthesis)
        {
            return ParseGroup(inValuePath);
        }

        if (token.IsWord("not"))
        {
            Advance();
            return token.Kind == FilterTokenKind.LeftParenthesis
                ? new Filter.Not(ParseGroup(inValuePath))
                : throw Unexpected("\"(\" behind \"not\"");
        }

        return ParseExpression(inValuePath);
    }

    private Filter ParseGroup(bool inValuePath)
    {
        Enter();
        var inner = ParseOr(inValuePath);
        Leave(FilterTokenKind.RightParenthesis, "\"and\", \"or\" or \")\"");
        return inner;
    }

    private Filter ParseExpression(bool inValuePath)
    {
        var start = token;
        var path = ParsePath();
        if (token.Kind != FilterTokenKind.LeftBracket)
        {
            return ParseCondition(path);
        }

        if (inValuePath)
        {
            throw lexer.At(start.Start, "a value path cannot stand inside another one");
        }

        var inner = ParseBrackets(out var end);
        return TryParseSubAttribute(end) is { } subAttribute
            ? new Filter.ValuePath(path, inner, ParseCondition(subAttribute))
            : new Filter.ValuePath(path, inner);
    }

    private Filter ParseBrackets(out int end)
    {
        Enter();
        var inner = ParseOr(inValuePath: true);
        end = token.End;
        Leave(FilterTokenKind.RightBracket, "\"and\", \"or\" or \"]\"");
        return inner;
    }

    /// <summary>The <c>.value</c> that may follow a closing bracket without a blank.</summary>
    private string? TryParseSubAttribute(int end)
    {
        if (token.Kind != FilterTokenKind.Word || token.Start != end)
        {
            return null;
        }

        var name = token.Text.StartsWith('.') ? token.Text[1..] : "";
        if (!Name().IsMatch(name))
        {
            // Directly behind the bracket, "and" and "or" may stand without a blank.
            return token.IsWord("and") || token.IsWord("or") ? null : throw Unexpected("a sub-attribute such as \".value\"");
        }

        Advance();
        return name;
    }

    /// <summary>What follows a path: <c>pr</c>, or an operator and a value.</summary>
    private Filter ParseCondition(string path)
    {
        if (++terms > limits.MaxFilterTerms)
        {
            throw ScimErrors.InvalidFilter(string.Create(
                CultureInfo.InvariantCulture, $"The filter has more than {limits.MaxFilterTerms} comparisons."));
        }

        if (token.Kind != FilterTokenKind.Word)
        {
            throw Unexpected($"an operator ({FilterOperators.Words})");
        }

        if (token.IsWord("pr"))
        {
            Advance();
            return new Filter.Present(path);
        }

        var found = FilterOperators.Find(token.Text)
            ?? throw lexer.At(token.Start, $"the operator '{ScimErrors.Shorten(token.Text)}' is not supported; expected {FilterOperators.Words}");
        Advance();
        return new Filter.Comparison(path, found, ParseValue());
    }

    private FilterLiteral ParseValue()
    {
        FilterLiteral? literal = token.Kind switch
        {
            FilterTokenKind.String => new FilterLiteral.String(token.Text),
            FilterTokenKind.Word => ParseWordValue(),
            _ => null,
        };
        if (literal is null)
        {
            throw Unexpected("a value (a string in double quotes, a number, true, false or null)");
        }

        Advance();
        return literal;
    }

    private FilterLiteral ParseWordValue()
    {
        if (token.IsWord("true") || token.IsWord("false"))
        {
            return new FilterLiteral.Boolean(token.IsWord("true"));
        }

        if (token.IsWord("null"))
        {
            return new FilterLiteral.Null();
        }

        if (!Number().IsMatch(token.Text))
        {
            throw Unexpected("a value: strings stand in double quotes");
        }

        return ExactDecimal.TryParse(token.Text, out var number)
            ? new FilterLiteral.Number(number)
            : throw lexer.At(token.Start, "the number has more than 28 digits");
    }

    private string ParsePath()
    {
        if (token.Kind != FilterTokenKind.Word || token.IsWord("and") || token.IsWord("or"))
        {
            throw Unexpected("an attribute");
        }

        var path = token.Text;
        if (!AttributePath().IsMatch(path))
        {
            throw lexer.At(token.Start, $"'{ScimErrors.Shorten(path)}' is not an attribute path such as userName, name.familyName or urn:…:User:userName");
        }

        Advance();
        return path;
    }

    private void Enter()
    {
        if (++depth > limits.MaxFilterDepth)
        {
            throw lexer.At(token.Start, $"parentheses and brackets are nested more than {limits.MaxFilterDepth} deep");
        }

        lexer.OutsideFilter = false;
        Advance();
    }

    private void Leave(FilterTokenKind closing, string expected)
    {
        if (token.Kind != closing)
        {
            throw Unexpected(expected);
        }

        depth--;
        lexer.OutsideFilter = isPath && depth == 0;
        Advance();
    }

    private void Advance() => token = lexer.Next();

    private ScimException Unexpected(string expected)
    {
        var found = token.Kind switch
        {
            FilterTokenKind.End => "the end",
            FilterTokenKind.String => ScimErrors.Shorten(FilterLiteral.Quote(token.Text)),
            _ => $"'{ScimErrors.Shorten(token.Text)}'",
        };
        return lexer.At(token.Start, $"expected {expected}, found {found}");
    }

    /// <summary>[ URI ":" ] ATTRNAME [ subAttr ].</summary>
    [GeneratedRegex(@"^([A-Za-z0-9\-_.:/+%~#=@]+:)?[A-Za-z$][A-Za-z0-9\-_]*(\.[A-Za-z$][A-Za-z0-9\-_]*)?\z")]
    private static partial Regex AttributePath();

    [GeneratedRegex(@"^[A-Za-z$][A-Za-z0-9\-_]*\z")]
    private static partial Regex Name();

    /// <summary>A number by the rules of JSON (RFC 8259 §6).</summary>
    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex Number();
}
