using System.Text.Json.Nodes;
using Scim.Json;

namespace Scim.Dialects;

/// <summary>
/// <c>{"op":"replace","path":"","value":{"title":"x"}}</c>: clients that serialise from classes send an empty path in the place of none, as they send null.
/// A <c>remove</c> is refused all the same: without a path it names nothing (RFC 7644 §3.5.2.2).
/// </summary>
internal sealed class EmptyPath : MessageRule
{
    public override string Name => nameof(EmptyPath);

    public override bool RewritePatch(JsonObject body)
    {
        var rewritten = false;
        foreach (var operation in (body["Operations"] as JsonArray ?? []).OfType<JsonObject>().Where(operation => JsonText.AsString(operation["path"]) is ""))
        {
            operation.Remove("path");
            rewritten = true;
        }

        return rewritten;
    }
}
