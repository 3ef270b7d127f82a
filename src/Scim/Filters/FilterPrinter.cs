using System.Text;

namespace Scim.Filters;

/// <summary>Prints a filter with as few parentheses as give the same tree back.</summary>
internal static class FilterPrinter
{
    public static string Print(Filter filter)
    {
        var output = new StringBuilder();
        Print(filter, output);
        return output.ToString();
    }

    private static void Print(Filter filter, StringBuilder output)
    {
        switch (filter)
        {
            case Filter.Comparison comparison:
                output.Append(comparison.Path).Append(' ').Append(comparison.Operator.Word()).Append(' ').Append(comparison.Value);
                break;
            case Filter.Present present:
                output.Append(present.Path).Append(" pr");
                break;
            case Filter.And and:
                PrintOperand(and.Left, and.Left is Filter.Or, output);
                output.Append(" and ");
                PrintOperand(and.Right, and.Right is Filter.Or or Filter.And, output);
                break;
            case Filter.Or or:
                Print(or.Left, output);
                output.Append(" or ");
                PrintOperand(or.Right, or.Right is Filter.Or, output);
                break;
            case Filter.Not not:
                output.Append("not ");
                PrintOperand(not.Inner, true, output);
                break;
            case Filter.ValuePath valuePath:
                output.Append(valuePath.Path).Append('[');
                Print(valuePath.Inner, output);
                output.Append(']');
                PrintRest(valuePath.Rest, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(filter));
        }
    }

    private static void PrintOperand(Filter operand, bool grouped, StringBuilder output)
    {
        output.Append(grouped ? "(" : "");
        Print(operand, output);
        output.Append(grouped ? ")" : "");
    }

    private static void PrintRest(Filter? rest, StringBuilder output)
    {
        if (rest is not null)
        {
            output.Append('.');
            Print(rest, output);
        }
    }
}
