using System.Text.Json.Nodes;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>
/// <c>"externalId":4711</c> or <c>{"value":271}</c>: a whole number where a string belongs, as directories with numeric ids send
/// it for externalId, employeeNumber, manager and members. Its digits are the value.
/// </summary>
internal sealed class NumberAsString : ValueRule
{
    public override string Name => nameof(NumberAsString);

    public override bool TryRewrite(SchemaAttribute attribute, bool many, ref JsonNode? value)
    {
        if (many || attribute.Type is not (AttributeType.String or AttributeType.Reference) || JsonForm.WholeNumber(value) is not { } digits)
        {
            return false;
        }

        value = JsonValue.Create(digits);
        return true;
    }
}
