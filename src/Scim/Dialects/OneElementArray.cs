using System.Text.Json.Nodes;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>
/// <c>{"op":"Add","path":"manager","value":[{"$ref":"http://host/scim/Users/2819c223","value":"2819c223"}]}</c>: an array of one
/// where a single value belongs (ENTRA-36).
/// </summary>
internal sealed class OneElementArray : ValueRule
{
    public override string Name => nameof(OneElementArray);

    public override bool TryRewrite(SchemaAttribute attribute, bool many, ref JsonNode? value)
    {
        if (many || value is not JsonArray { Count: 1 } array)
        {
            return false;
        }

        value = array[0]?.DeepClone();
        return true;
    }
}
