using System.Text.Json.Nodes;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>
/// <c>{"op":"Replace","path":"displayName","value":[{"value":"Ada"}]}</c>: a simple value in the form of a complex one. The old
/// form of Entra ID wraps every value so (ENTRA-36 shows it for manager).
/// </summary>
internal sealed class WrappedValue : ValueRule
{
    public override string Name => nameof(WrappedValue);

    public override bool TryRewrite(SchemaAttribute attribute, bool many, ref JsonNode? value)
    {
        if (many || attribute.Type == AttributeType.Complex || value is not JsonObject { Count: 1 } wrapper
            || JsonForm.FindKey(wrapper, "value") is not { } key || wrapper[key] is not JsonValue inner)
        {
            return false;
        }

        value = inner.DeepClone();
        return true;
    }
}
