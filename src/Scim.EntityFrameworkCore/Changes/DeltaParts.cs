using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.EntityFrameworkCore.Memberships;
using Scim.Json;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>A delta as it is stored: a row for each part.</summary>
/// <param name="Part">Its number, from 0.</param>
/// <param name="Parts">How many there are.</param>
/// <param name="Json">See <see cref="Rows.ChangeRow.Delta"/>.</param>
/// <param name="MemberIds">The members named in it; null for none.</param>
internal sealed record DeltaPart(int Part, int Parts, string Json, IReadOnlyCollection<Guid>? MemberIds);

/// <summary>
/// Writes a delta as JSON, cut so that no part names more than <see cref="Size"/> members or groups: a reader never has to
/// hold more of a change than that, however many members it moved.
/// </summary>
internal static class DeltaParts
{
    /// <summary>Members or groups in one part.</summary>
    public const int Size = 1_000;

    private const string Members = "members";

    /// <summary>The parts in order, made one by one.</summary>
    public static IEnumerable<DeltaPart> Of(Delta delta)
    {
        var count = delta.Removed.Count + delta.Added.Count + delta.Groups.Count;
        var parts = Math.Max(1, (count + Size - 1) / Size);
        for (var part = 0; part < parts; part++)
        {
            var start = part * Size;
            var removed = Slice(delta.Removed, start);
            var added = Slice(delta.Added, start - delta.Removed.Count);
            var groups = Slice(delta.Groups, start - delta.Removed.Count - delta.Added.Count);
            var memberIds = removed.Count + added.Count == 0 ? null : removed.Concat(added).Select(member => member.Id).ToList();
            yield return new DeltaPart(part, parts, Write(delta, part == 0, removed, added, groups), memberIds);
        }
    }

    /// <summary>What falls into a part that begins at <paramref name="start"/>, counted from the begin of the list.</summary>
    private static List<T> Slice<T>(IReadOnlyList<T> list, int start)
    {
        var slice = new List<T>();
        for (var i = Math.Max(0, start); i < Math.Min(list.Count, start + Size); i++)
        {
            slice.Add(list[i]);
        }

        return slice;
    }

    private static string Write(Delta delta, bool isFirst, List<Member> removed, List<Member> added, List<GroupReference> groups)
    {
        using var json = JsonBuffer.Rent();
        var writer = json.Writer;
        writer.WriteStartObject();
        if (delta.IsErased)
        {
            writer.WriteBoolean("erased"u8, true);
        }

        WritePaths(writer, delta, isFirst, removed.Count + added.Count > 0);
        WriteDocument(writer, "document", isFirst ? delta.Document : null);
        WriteDocument(writer, "previous", isFirst ? delta.Previous : null);
        WriteOperations(writer, isFirst ? delta.Attributes : [], removed, added);
        WriteGroups(writer, groups);
        writer.WriteEndObject();
        return json.ToString();
    }

    private static void WritePaths(Utf8JsonWriter writer, Delta delta, bool isFirst, bool hasMembers)
    {
        writer.WriteStartArray("attributes"u8);
        if (isFirst)
        {
            foreach (var path in delta.Document is { } document ? ChangedPaths.Of(document) : delta.Attributes.Select(change => change.Path.ToString()))
            {
                writer.WriteStringValue(path);
            }

            if (delta.Secret is { } secret)
            {
                writer.WriteStringValue(secret.Name);
            }
        }

        if (hasMembers)
        {
            writer.WriteStringValue(Members);
        }

        writer.WriteEndArray();
    }

    private static void WriteDocument(Utf8JsonWriter writer, string name, ResourceDocument? document)
    {
        if (document is not null)
        {
            writer.WritePropertyName(name);
            Disclosure.Write(writer, document);
        }
    }

    private static void WriteOperations(Utf8JsonWriter writer, IReadOnlyList<AttributeChange> attributes, List<Member> removed, List<Member> added)
    {
        var told = attributes.Where(MayBeTold).ToList();
        if (told.Count + removed.Count + added.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("operations"u8);
        foreach (var change in told)
        {
            WriteOperation(writer, change);
        }

        WriteMembers(writer, "remove", removed);
        WriteMembers(writer, "add", added);
        writer.WriteEndArray();
    }

    private static bool MayBeTold(AttributeChange change) =>
        change.Path.Attribute!.Returned != Returned.Never && change.Path.Target!.Returned != Returned.Never;

    private static void WriteOperation(Utf8JsonWriter writer, AttributeChange change)
    {
        writer.WriteStartObject();
        writer.WriteString("op"u8, (change.Before, change.After) switch { (null, _) => "add", (_, null) => "remove", _ => "replace" });
        writer.WriteString("path"u8, change.Path.ToString());
        WriteValue(writer, "value", change, change.After);
        WriteValue(writer, "previous", change, change.Before);
        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, AttributeChange change, JsonNode? value)
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            Disclosure.Write(writer, change.Path.Target!, value);
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, string operation, List<Member> members)
    {
        if (members.Count == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("op"u8, operation);
        writer.WriteString("path"u8, Members);
        writer.WriteStartArray("value"u8);
        foreach (var member in members)
        {
            writer.WriteStartObject();
            writer.WriteString("value"u8, member.Id);
            writer.WriteString("type"u8, member.Type);
            if (member.ExternalId is not null)
            {
                writer.WriteString("externalId"u8, member.ExternalId);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteGroups(Utf8JsonWriter writer, List<GroupReference> groups)
    {
        if (groups.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("groups"u8);
        foreach (var group in groups)
        {
            writer.WriteStartObject();
            writer.WriteString("value"u8, group.Id);
            if (group.Display is not null)
            {
                writer.WriteString("display"u8, group.Display);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
