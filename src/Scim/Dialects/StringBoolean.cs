using System.Text.Json.Nodes;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>
/// <c>{"op":"Replace","path":"active","value":"False"}</c> (ENTRA-29) and <c>"roles":[{"primary":"True"}]</c> (ENTRA-15): a boolean as a
/// string, in any case (ENTRA-33). Only for attributes that the schema calls boolean; other strings are refused.
/// </summary>
internal sealed class StringBoolean : ValueRule
{
    public override string Name => nameof(StringBoolean);

    public override bool TryRewrite(SchemaAttribute attribute, bool many, ref JsonNode? value)
    {
        if (many || attribute.Type != AttributeType.Boolean || !bool.TryParse(JsonText.AsString(value), out var flag))
        {
            return false;
        }

        value = JsonValue.Create(flag);
        return true;
    }
}
