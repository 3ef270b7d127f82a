using System.Text.Json.Nodes;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>
/// A PATCH whose <c>schemas</c> is missing, misspelt (<c>…:PatchOp </c> with a blank, <c>…:2.0PatchOp</c>) or the URN of the
/// resource: the method and the endpoint already say what the message is (ENTRA-13 shows such a URN).
/// </summary>
internal sealed class MessageSchema : MessageRule
{
    public override string Name => nameof(MessageSchema);

    public override bool RewritePatch(JsonObject body)
    {
        if (body["schemas"] is JsonArray schemas
            && schemas.Any(item => SchemaUrns.PatchOp.Equals(JsonText.AsString(item), StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        body["schemas"] = new JsonArray(SchemaUrns.PatchOp);
        return true;
    }
}
