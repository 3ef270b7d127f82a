using System.Text.Json.Nodes;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>
/// <c>{"op":"Add","path":"manager","value":[{"$ref":"http://host/scim/Users/2819c223","value":"2819c223"}]}</c>: an array of one
/// where a single value belongs (ENTRA-36). An array of none is null, which says the same of a multi-valued attribute (RFC 7643 §2.5).
/// </summary>
/// <param name="takesNone">False for the value of a <c>remove</c>: an array of none lists nothing there, and null would widen it to everything.</param>
internal sealed class OneElementArray(bool takesNone = true) : ValueRule
{
    public override string Name => nameof(OneElementArray);

    public override ValueRule? ForRemove => new OneElementArray(takesNone: false);

    public override bool TryRewrite(SchemaAttribute attribute, bool many, ref JsonNode? value)
    {
        if (many || value is not JsonArray { Count: <= 1 } array || (array.Count == 0 && !takesNone))
        {
            return false;
        }

        value = array.Count == 0 ? null : array[0]?.DeepClone();
        return true;
    }
}
