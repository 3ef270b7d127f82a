using System.Text.Json.Nodes;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>
/// <c>{"op":"Replace","path":"urn:…:enterprise:2.0:User:manager","value":""}</c>: Entra ID clears an attribute of any type by
/// an empty string (ENTRA-39, ENTRA-45). For a string attribute it is unassigned anyway; for the others it becomes null
/// (RFC 7643 §2.5).
/// </summary>
internal sealed class EmptyString : ValueRule
{
    public override string Name => nameof(EmptyString);

    /// <summary>A <c>remove</c> of null removes everything; an empty string names nothing.</summary>
    public override ValueRule? ForRemove => null;

    public override bool TryRewrite(SchemaAttribute attribute, bool many, ref JsonNode? value)
    {
        var takesText = !many && attribute.Type is not (AttributeType.Complex or AttributeType.Boolean or AttributeType.Integer or AttributeType.Decimal);
        if (takesText || JsonText.AsString(value) is not "")
        {
            return false;
        }

        value = null;
        return true;
    }
}
