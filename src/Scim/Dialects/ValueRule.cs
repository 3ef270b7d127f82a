using System.Text.Json.Nodes;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>A rule about the JSON form of one value, decided by the attribute's characteristics and never by its name.</summary>
internal abstract class ValueRule
{
    /// <summary>The name by which the rule is logged and switched off.</summary>
    public abstract string Name { get; }

    /// <summary>The rule as it holds for the value of a <c>remove</c>, which says what goes and not what comes; null when it does not.</summary>
    public virtual ValueRule? ForRemove => this;

    /// <summary>Rewrites one value; true when it did.</summary>
    /// <param name="attribute">The attribute or sub-attribute.</param>
    /// <param name="many">True where an array belongs: the whole of a multi-valued attribute, not one of its elements.</param>
    /// <param name="value">The value as it was sent; receives a new node without a parent.</param>
    public abstract bool TryRewrite(SchemaAttribute attribute, bool many, ref JsonNode? value);
}
