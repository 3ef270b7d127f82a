using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.EntityFrameworkCore.Rows;
using Scim.Json;

namespace Scim.EntityFrameworkCore.Erasure;

/// <summary>What is left of the delta of a change (<see cref="ChangeRow.Delta"/>) when a person is erased.</summary>
internal static class ErasedDelta
{
    private const string Attributes = "attributes";
    private const string Members = "members";
    private const string ExternalId = "externalId";

    /// <summary>Of a change of the person: which attributes changed.</summary>
    public static string OfPerson(string delta)
    {
        using var document = JsonDocument.Parse(delta);
        using var json = JsonBuffer.Rent();
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteBoolean("erased"u8, true);
        writer.WritePropertyName(Attributes);
        document.RootElement.GetProperty(Attributes).WriteTo(writer);
        writer.WriteEndObject();
        return json.ToString();
    }

    /// <summary>Of a change of a group that the person came into or left: all but the person's externalId. Null when it has none.</summary>
    public static string? OfGroup(string delta, Guid person)
    {
        var id = person.ToString();
        var root = JsonNode.Parse(delta)!.AsObject();
        var erased = false;
        foreach (var operation in (root["operations"]?.AsArray() ?? []).Where(operation => (string?)operation!["path"] == Members))
        {
            foreach (var member in operation!["value"]!.AsArray().Where(member => (string?)member!["value"] == id))
            {
                erased |= member!.AsObject().Remove(ExternalId);
            }
        }

        return erased ? Write(root) : null;
    }

    private static string Write(JsonObject root)
    {
        using var json = JsonBuffer.Rent();
        root.WriteTo(json.Writer);
        return json.ToString();
    }
}
