using System.Text.Json;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using Scim.Schemas;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Which events a change is for a stream (RFC 9967 §2.4).</summary>
internal static class ChangeEvents
{
    /// <summary>The attribute that says whether an account is enabled (RFC 7643 §4.1.1), as the path of an operation.</summary>
    private const string Active = "active";

    private static readonly (string Kind, string[] Events)[] Kinds =
    [
        (ChangeKind.Create, [SecurityEventUris.CreateNotice, SecurityEventUris.CreateFull, SecurityEventUris.PatchFull]),
        (ChangeKind.Patch, [SecurityEventUris.PatchNotice, SecurityEventUris.PatchFull, SecurityEventUris.Activate, SecurityEventUris.Deactivate]),
        (ChangeKind.Replace, [SecurityEventUris.PutNotice, SecurityEventUris.PatchNotice, SecurityEventUris.PatchFull, SecurityEventUris.Activate, SecurityEventUris.Deactivate]),
        (ChangeKind.Delete, [SecurityEventUris.Delete]),
    ];

    /// <summary>What the stream tells.</summary>
    public static StreamFilter FilterOf(EventStreamRow stream, SchemaRegistry schemas)
    {
        var delivered = SecurityEventUris.Delivered(stream).ToHashSet(StringComparer.Ordinal);
        var kinds = stream.Events is null
            ? null
            : (from type in schemas.ResourceTypes from kind in Kinds where kind.Events.Any(delivered.Contains) select $"{type.Name}:{kind.Kind}").ToList();
        return new StreamFilter(kinds, change => schemas.FindResourceType(change.ResourceType) is null ? [] : [.. Of(change, stream.Mode).Where(delivered.Contains)]);
    }

    private static List<string> Of(ChangeRow change, StreamMode mode)
    {
        if (change.Kind == ChangeKind.Delete)
        {
            return change.Part == 0 ? [SecurityEventUris.Delete] : [];
        }

        // The token of the delete tells of the erasure; no other could say what it is for.
        if (change.IsErased)
        {
            return [];
        }

        // The parts of a change that moved thousands of members name nothing that the first has not named.
        if (mode == StreamMode.Notice && change.Part > 0)
        {
            return [];
        }

        using var delta = JsonDocument.Parse(change.Delta);
        var told = new ChangeDelta(delta.RootElement);
        return [.. Told(change, mode, told), .. change.Kind == ChangeKind.Create ? [] : Activation(told)];
    }

    private static IEnumerable<string> Told(ChangeRow change, StreamMode mode, ChangeDelta delta)
    {
        if (mode == StreamMode.Notice)
        {
            return [change.Kind switch { ChangeKind.Create => SecurityEventUris.CreateNotice, ChangeKind.Replace => SecurityEventUris.PutNotice, _ => SecurityEventUris.PatchNotice }];
        }

        if (change.Kind == ChangeKind.Create)
        {
            return [change.Part == 0 ? SecurityEventUris.CreateFull : SecurityEventUris.PatchFull];
        }

        // What may not be told is named: a notice, beside the data of the rest.
        return [.. delta.HasOperations ? (string[])[SecurityEventUris.PatchFull] : [], .. delta.Untold.Any() || !delta.HasOperations ? (string[])[SecurityEventUris.PatchNotice] : []];
    }

    private static IEnumerable<string> Activation(ChangeDelta delta)
    {
        foreach (var operation in delta.Operations.Where(operation => operation.Path == Active))
        {
            switch (operation.Value?.ValueKind)
            {
                case JsonValueKind.True:
                    yield return SecurityEventUris.Activate;
                    break;
                case JsonValueKind.False:
                    yield return SecurityEventUris.Deactivate;
                    break;
                default:
                    break;
            }
        }
    }
}
