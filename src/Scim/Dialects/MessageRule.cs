using System.Text.Json.Nodes;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>A rule about a message as a whole, before its values are looked at.</summary>
internal abstract class MessageRule
{
    /// <summary>The name by which the rule is logged and switched off.</summary>
    public abstract string Name { get; }

    /// <summary>Rewrites the body of a PATCH; true when it did.</summary>
    public virtual bool RewritePatch(JsonObject body) => false;

    /// <summary>Rewrites the body of a POST or PUT; true when it did.</summary>
    public virtual bool RewriteResource(ResourceType type, JsonObject body) => false;
}
