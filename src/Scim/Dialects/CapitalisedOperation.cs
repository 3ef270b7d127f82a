using System.Text.Json.Nodes;
using Scim.Json;

namespace Scim.Dialects;

/// <summary>
/// <c>{"op":"Replace","path":"userName","value":"x"}</c>: Microsoft Entra ID sends Add, Replace and Remove with a capital
/// letter (ENTRA-B07, ENTRA-18); RFC 7644 §3.5.2 has the words in lower case.
/// </summary>
internal sealed class CapitalisedOperation : MessageRule
{
    private static readonly string[] Words = ["add", "remove", "replace"];

    public override string Name => nameof(CapitalisedOperation);

    public override bool RewritePatch(JsonObject body)
    {
        var rewritten = false;
        foreach (var operation in (body["Operations"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var op = JsonText.AsString(operation["op"]);
            if (op is not null && !Words.Contains(op)
                && Array.Find(Words, word => word.Equals(op, StringComparison.OrdinalIgnoreCase)) is { } word)
            {
                operation["op"] = word;
                rewritten = true;
            }
        }

        return rewritten;
    }
}
