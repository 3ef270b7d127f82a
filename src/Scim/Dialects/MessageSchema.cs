using System.Text.Json.Nodes;

namespace Scim.Dialects;

/// <summary>
/// A PATCH whose <c>schemas</c> is missing, misspelt (<c>…:PatchOp </c> with a blank, <c>…:2.0PatchOp</c>) or the URN of the
/// resource: the method and the endpoint already say what the message is (ENTRA-13 shows such a URN).
/// </summary>
internal sealed class MessageSchema : MessageRule
{
    private const string PatchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

    public override string Name => nameof(MessageSchema);

    public override bool RewritePatch(JsonObject body)
    {
        if (body["schemas"] is JsonArray schemas
            && schemas.Any(item => PatchOp.Equals(JsonForm.Text(item), StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        body["schemas"] = new JsonArray(PatchOp);
        return true;
    }
}
