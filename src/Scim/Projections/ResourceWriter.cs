using System.IO.Pipelines;
using Scim.Resources;

namespace Scim.Projections;

/// <summary>
/// Writes resources as JSON. A document of which nothing is left out is sent as the bytes that are stored; what is computed
/// (id, groups, members, meta) is put around it. Members are written while they are read, so a group of a million needs no
/// memory.
/// </summary>
public static class ResourceWriter
{
    /// <summary>How much is gathered before it is handed to the client's connection.</summary>
    private const int FlushAt = 32 * 1024;

    /// <summary>Writes one resource. Nothing reaches <paramref name="output"/> before the first 32 KiB or the end, so that an error can still be answered.</summary>
    public static async ValueTask WriteAsync(
        PipeWriter output, Resource resource, Projection projection, ResourceAddress address, CancellationToken cancellationToken)
    {
        using var buffer = new Utf8Buffer();
        await AppendAsync(buffer, output, resource, projection, address, cancellationToken);
        await FlushAsync(buffer, output, cancellationToken);
    }

    internal static async ValueTask AppendAsync(
        Utf8Buffer buffer, PipeWriter output, Resource resource, Projection projection, ResourceAddress address, CancellationToken cancellationToken)
    {
        buffer.Separate();
        buffer.Raw("{\"id\":"u8);
        buffer.Value(resource.Id);
        AppendDocument(buffer, resource, projection, address);
        if (projection.Groups is { } groups && resource.Groups is { Count: > 0 })
        {
            AppendGroups(buffer, resource.Groups, groups, address);
        }

        if (projection.Members is { } members && resource.Members is not null)
        {
            await AppendMembersAsync(buffer, output, resource.Members, members, address, cancellationToken);
        }

        projection.Meta?.Write(buffer, address, resource);
        buffer.Raw("}"u8);
        await FlushWhenFullAsync(buffer, output, cancellationToken);
    }

    internal static async ValueTask FlushAsync(Utf8Buffer buffer, PipeWriter output, CancellationToken cancellationToken)
    {
        buffer.MoveTo(output);
        var result = await output.FlushAsync(cancellationToken);
        if (result.IsCompleted)
        {
            throw new OperationCanceledException("The client closed the connection.");
        }
    }

    private static ValueTask FlushWhenFullAsync(Utf8Buffer buffer, PipeWriter output, CancellationToken cancellationToken) =>
        buffer.Length < FlushAt ? ValueTask.CompletedTask : FlushAsync(buffer, output, cancellationToken);

    private static void AppendDocument(Utf8Buffer buffer, Resource resource, Projection projection, ResourceAddress address)
    {
        if (projection.CopiesDocument && resource.Reference is null)
        {
            var members = resource.Document.Span[1..^1];
            if (members.Length > 0)
            {
                buffer.Separate();
                buffer.Raw(members);
            }
        }
        else
        {
            DocumentCopier.Copy(resource, projection, buffer, address);
        }
    }

    private static void AppendGroups(Utf8Buffer buffer, IReadOnlyList<GroupReference> groups, RelationShape shape, ResourceAddress address)
    {
        var start = buffer.Length;
        var any = false;
        shape.Begin(buffer);
        foreach (var group in groups)
        {
            any |= shape.Write(buffer, address, new RelationElement(group.Id, address.GroupType, group.Display, group.Direct ? "direct" : "indirect"));
        }

        if (any)
        {
            buffer.Raw("]"u8);
        }
        else
        {
            buffer.Truncate(start);
        }
    }

    /// <summary>The array is opened by the first member: an empty list is left out, and may be known only when the reading ends.</summary>
    private static async ValueTask AppendMembersAsync(
        Utf8Buffer buffer, PipeWriter output, IAsyncEnumerable<MemberReference> members, RelationShape shape, ResourceAddress address, CancellationToken cancellationToken)
    {
        var any = false;
        await foreach (var member in members.WithCancellation(cancellationToken))
        {
            var start = buffer.Length;
            if (!any)
            {
                shape.Begin(buffer);
            }

            if (shape.Write(buffer, address, new RelationElement(member.Id, member.ResourceType, member.Display, member.ResourceType)))
            {
                any = true;
                await FlushWhenFullAsync(buffer, output, cancellationToken);
            }
            else
            {
                buffer.Truncate(start);
            }
        }

        if (any)
        {
            buffer.Raw("]"u8);
        }
    }
}
