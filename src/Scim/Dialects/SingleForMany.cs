using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>
/// <c>{"op":"Remove","path":"members","value":{"value":"u1091"}}</c> or <c>"emails":"a@b.c"</c>: one value where an array belongs
/// (a variant of ENTRA-64 and ENTRA-65).
/// </summary>
internal sealed class SingleForMany : ValueRule
{
    public override string Name => nameof(SingleForMany);

    public override bool TryRewrite(SchemaAttribute attribute, bool many, ref JsonNode? value)
    {
        if (!many || value is null || value.GetValueKind() is not (JsonValueKind.Object or JsonValueKind.String or JsonValueKind.Number)
            || value is JsonObject { Count: 0 })
        {
            return false;
        }

        value = new JsonArray(value.DeepClone());
        return true;
    }
}
