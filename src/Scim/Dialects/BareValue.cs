using System.Text.Json.Nodes;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>
/// <c>{"op":"Add","path":"urn:…:enterprise:2.0:User:manager","value":"271"}</c>: the bare value of a complex attribute that has a
/// <c>value</c> sub-attribute (ENTRA-14, ENTRA-34). A complex attribute without one, such as name, has no bare form.
/// </summary>
internal sealed class BareValue : ValueRule
{
    public override string Name => nameof(BareValue);

    public override bool TryRewrite(SchemaAttribute attribute, bool many, ref JsonNode? value)
    {
        if (many || attribute.Type != AttributeType.Complex || attribute.DefaultSubAttribute is not { } inner
            || (JsonText.AsString(value) is not { Length: > 0 } && JsonForm.WholeNumber(value) is null))
        {
            return false;
        }

        value = new JsonObject { [inner.Name] = value!.DeepClone() };
        return true;
    }
}
