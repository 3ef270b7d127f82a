using System.Text.Json.Nodes;

namespace Scim.Dialects;

/// <summary>
/// The members of a PATCH message in another case: <c>{"operations":[{"Op":"add","Path":"title","Value":"x"}]}</c>. Attribute
/// names are case-insensitive (RFC 7643 §2.1), and clients that serialise from classes take it for the message as well
/// (ENTRA-B07: the server must not be case sensitive on structural names).
/// </summary>
internal sealed class MemberNameCase : MessageRule
{
    private static readonly string[] MessageMembers = ["schemas", "Operations"];
    private static readonly string[] OperationMembers = ["op", "path", "value"];

    public override string Name => nameof(MemberNameCase);

    public override bool RewritePatch(JsonObject body)
    {
        var rewritten = Rename(body, MessageMembers);
        if (body["Operations"] is JsonArray operations)
        {
            foreach (var operation in operations.OfType<JsonObject>())
            {
                rewritten |= Rename(operation, OperationMembers);
            }
        }

        return rewritten;
    }

    private static bool Rename(JsonObject message, string[] names)
    {
        var rewritten = false;
        foreach (var name in names.Where(name => !message.ContainsKey(name)))
        {
            var other = message.Select(member => member.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (other is not null)
            {
                var value = message[other];
                message.Remove(other);
                message[name] = value;
                rewritten = true;
            }
        }

        return rewritten;
    }
}
