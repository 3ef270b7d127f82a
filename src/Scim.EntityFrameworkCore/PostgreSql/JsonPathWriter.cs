using System.Globalization;
using System.Text;
using Scim.Filters;
using Scim.Resources;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <summary>
/// Writes a filter on documents as a jsonpath for PostgreSQL's <c>@?</c>. It begins with the tenant, so that the GIN index cuts
/// to the tenant by itself, and answers exactly as <see cref="FilterEvaluator"/> does.
/// </summary>
/// <remarks>
/// jsonpath knows a third truth value: comparing a number with a string is neither true nor false, and so is its negation.
/// Under <c>not</c> every comparison is therefore put into <c>exists</c>, which is true or false.
/// </remarks>
internal sealed class JsonPathWriter
{
    private readonly StringBuilder output = new("$ ? (");

    private JsonPathWriter()
    {
    }

    /// <summary>The jsonpath for the documents of a tenant that meet the filter.</summary>
    public static string Write(int tenantId, BoundFilter filter)
    {
        var writer = new JsonPathWriter();
        writer.Key("@", SearchDocument.TenantMember);
        writer.output.Append(" == ").Append(Quote(tenantId.ToString(CultureInfo.InvariantCulture))).Append(" && ");
        writer.Operand(filter, grouped: filter is BoundFilter.Or, negated: false);
        return writer.output.Append(')').ToString();
    }

    private void Operand(BoundFilter filter, bool grouped, bool negated)
    {
        output.Append(grouped ? "(" : "");
        Predicate(filter, negated);
        output.Append(grouped ? ")" : "");
    }

    private void Predicate(BoundFilter filter, bool negated)
    {
        switch (filter)
        {
            case BoundFilter.And and:
                Operand(and.Left, and.Left is BoundFilter.Or, negated);
                output.Append(" && ");
                Operand(and.Right, and.Right is BoundFilter.Or or BoundFilter.And, negated);
                break;
            case BoundFilter.Or or:
                Operand(or.Left, grouped: false, negated);
                output.Append(" || ");
                Operand(or.Right, or.Right is BoundFilter.Or, negated);
                break;
            case BoundFilter.Not not:
                output.Append('!');
                Operand(not.Inner, grouped: true, negated: true);
                break;
            case BoundFilter.Present present:
                Exists(Accessor(present.Path));
                break;
            case BoundFilter.HasExtension has:
                Exists($"@.{Quote(has.Extension.Id)}");
                break;
            case BoundFilter.Elements elements:
                output.Append("exists(").Append(Accessor(elements.Path)).Append(" ? (");
                Predicate(elements.Inner, negated);
                output.Append("))");
                break;
            case BoundFilter.Comparison comparison:
                Comparison(comparison, negated);
                break;
            default:
                throw new InvalidOperationException();
        }
    }

    private void Comparison(BoundFilter.Comparison comparison, bool negated)
    {
        var accessor = Accessor(comparison.Path);
        if (comparison.Operator == FilterOperator.Ne)
        {
            output.Append("(!");
            Exists(accessor);
            output.Append(" || ");
        }

        if (comparison is { Operator: FilterOperator.Co or FilterOperator.Sw or FilterOperator.Ew, Value: BoundLiteral.String { Value.Length: 0 } })
        {
            Exists(accessor);
        }
        else
        {
            var test = Test(comparison.Operator, comparison.Value);
            output.Append(negated ? $"exists({accessor} ? (@ {test}))" : $"{accessor} {test}");
        }

        output.Append(comparison.Operator == FilterOperator.Ne ? ")" : "");
    }

    private static string Test(FilterOperator comparison, BoundLiteral literal) => (comparison, literal) switch
    {
        (FilterOperator.Co, BoundLiteral.String text) => $"like_regex {Quote(text.Value)} flag \"q\"",
        (FilterOperator.Ew, BoundLiteral.String text) => $"like_regex {Quote(EscapePattern(text.Value) + "$")}",
        (FilterOperator.Sw, BoundLiteral.String text) => $"starts with {Quote(text.Value)}",
        _ => $"{Symbol(comparison)} {Literal(literal)}",
    };

    private static string Symbol(FilterOperator comparison) => comparison switch
    {
        FilterOperator.Eq => "==",
        FilterOperator.Ne => "!=",
        FilterOperator.Gt => ">",
        FilterOperator.Ge => ">=",
        FilterOperator.Lt => "<",
        FilterOperator.Le => "<=",
        _ => throw new InvalidOperationException(),
    };

    private static string Literal(BoundLiteral literal) => literal switch
    {
        BoundLiteral.String text => Quote(text.Value),
        BoundLiteral.DateTime time => Quote(time.FixedWidthUtc),
        BoundLiteral.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        BoundLiteral.Boolean boolean => boolean.Value ? "true" : "false",
        _ => throw new InvalidOperationException(),
    };

    private void Exists(string accessor) => output.Append("exists(").Append(accessor).Append(')');

    private void Key(string owner, string name) => output.Append(owner).Append('.').Append(Quote(name));

    private static string Accessor(BoundPath path)
    {
        if (path.IsElement)
        {
            return "@";
        }

        var result = new StringBuilder("@");
        if (path.Extension is { } extension)
        {
            result.Append('.').Append(Quote(extension.Id));
        }

        foreach (var attribute in path.SubAttribute is { } sub ? [path.Attribute, sub] : new[] { path.Attribute })
        {
            result.Append('.').Append(Quote(attribute.Name)).Append(attribute.MultiValued ? "[*]" : "");
        }

        return result.ToString();
    }

    /// <summary>A string of jsonpath, which has the escapes of JSON, as filters have.</summary>
    private static string Quote(string text) => new FilterLiteral.String(text).ToString();

    /// <summary>Makes every character stand for itself in a regular expression of PostgreSQL (§9.7.3.1: a backslash before what is not alphanumeric).</summary>
    private static string EscapePattern(string text)
    {
        var result = new StringBuilder(text.Length + 1);
        foreach (var c in text)
        {
            result.Append(@"\^$.|?*+()[]{}#-".Contains(c, StringComparison.Ordinal) ? "\\" : "").Append(c);
        }

        return result.ToString();
    }
}
