using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>
/// When two values of an attribute are the same: as filters find them equal (by caseExact, times as points in time, numbers by size),
/// complex ones in each sub-attribute. What is absent equals what is absent, and a <c>primary</c> that is absent is false (RFC 7643 §2.4).
/// </summary>
/// <example><code>
/// var seen = new HashSet&lt;JsonNode&gt;(new ValueComparer(emails));   // for one element each
/// ValueComparer.Same(emails, before, after);                       // for all of them, in any order
/// </code></example>
internal sealed class ValueComparer(SchemaAttribute attribute) : IEqualityComparer<JsonNode>
{
    /// <summary>Whether two values of a whole attribute are the same. Many values have no order (RFC 7643 §2.4).</summary>
    public static bool Same(SchemaAttribute attribute, JsonNode? left, JsonNode? right) => (left, right) switch
    {
        (null, null) => true,
        (JsonArray many, JsonArray others) => many.Count == others.Count && ToSet(attribute, many).SetEquals(others.OfType<JsonNode>()),
        (JsonObject complex, JsonObject other) => SameMembers(attribute, complex, other),
        (JsonValue single, JsonValue other) => Text(attribute, single) == Text(attribute, other),
        _ => false,
    };

    /// <summary>Leaves the first of values that are the same: none SHOULD be returned more than once (RFC 7643 §2.4).</summary>
    public static void KeepOnce(SchemaAttribute attribute, JsonArray array)
    {
        if (array.Count > 1)
        {
            var seen = new HashSet<JsonNode>(new ValueComparer(attribute));
            array.RemoveAll(element => element is not null && !seen.Add(element));
        }
    }

    /// <summary>A value that is not complex as a text that is the same for equal ones. Many values have no order.</summary>
    public static string Text(SchemaAttribute attribute, JsonNode value)
    {
        if (value is JsonArray many)
        {
            return string.Join('\0', many.OfType<JsonNode>().Select(one => Text(attribute, one)).Order(StringComparer.Ordinal));
        }

        if (JsonText.AsString(value) is { } text)
        {
            return attribute.Type == AttributeType.DateTime && Folding.TryDateTime(text, out var time) ? time : Folding.Fold(attribute, text);
        }

        var json = value.ToJsonString();
        return value.GetValueKind() == JsonValueKind.Number && decimal.TryParse(json, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("G29", CultureInfo.InvariantCulture)
            : json;
    }

    /// <inheritdoc/>
    public bool Equals(JsonNode? x, JsonNode? y) => Same(attribute, x, y);

    /// <inheritdoc/>
    public int GetHashCode(JsonNode obj) => Hash(attribute, obj);

    private static HashSet<JsonNode> ToSet(SchemaAttribute attribute, JsonArray array) => new(array.OfType<JsonNode>(), new ValueComparer(attribute));

    private static bool SameMembers(SchemaAttribute attribute, JsonObject left, JsonObject right)
    {
        foreach (var (name, value) in left)
        {
            if (!SameMember(attribute, name, value, right[name]))
            {
                return false;
            }
        }

        return right.All(member => left.ContainsKey(member.Key) || SameMember(attribute, member.Key, null, member.Value));
    }

    /// <summary>What a schema that is no longer there left behind has no characteristics to be compared by.</summary>
    private static bool SameMember(SchemaAttribute attribute, string name, JsonNode? left, JsonNode? right) =>
        attribute.FindSubAttribute(name) is not { } sub ? JsonNode.DeepEquals(left, right)
            : Same(sub, Assigned(attribute, sub, left), Assigned(attribute, sub, right));

    private static JsonNode? Assigned(SchemaAttribute attribute, SchemaAttribute sub, JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.False && sub == attribute.PrimarySubAttribute ? null : value;

    /// <summary>Sums, since neither members nor elements have an order.</summary>
    private static int Hash(SchemaAttribute attribute, JsonNode value)
    {
        var sum = 0;
        switch (value)
        {
            case JsonObject complex:
                foreach (var (name, item) in complex)
                {
                    if (attribute.FindSubAttribute(name) is { } sub && Assigned(attribute, sub, item) is { } assigned)
                    {
                        sum += HashCode.Combine(sub.Name, Hash(sub, assigned));
                    }
                }

                return sum;
            case JsonArray many:
                foreach (var element in many.OfType<JsonNode>())
                {
                    sum += Hash(attribute, element);
                }

                return sum;
            default:
                return Text(attribute, value).GetHashCode(StringComparison.Ordinal);
        }
    }
}
