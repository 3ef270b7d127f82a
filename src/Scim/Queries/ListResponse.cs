using System.IO.Pipelines;
using Scim.Projections;

namespace Scim.Queries;

/// <summary>
/// The answer to a query (RFC 7644 §3.4.2). <c>Resources</c> is sent even when it is empty: a client that looks someone up
/// before creating them (ENTRA-01, OKTA-02) need not handle its absence.
/// </summary>
public static class ListResponse
{
    /// <summary>The URN of the message.</summary>
    public const string SchemaUrn = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    /// <summary>Writes one page.</summary>
    public static async ValueTask WriteAsync(PipeWriter output, ListPage page, ResourceAddress address, CancellationToken cancellationToken)
    {
        using var buffer = new Utf8Buffer();
        Begin(buffer, page);
        foreach (var (resource, projection) in page.Resources)
        {
            await ResourceWriter.AppendAsync(buffer, output, resource, projection, address, cancellationToken);
        }

        buffer.Raw("]}"u8);
        await ResourceWriter.FlushAsync(buffer, output, cancellationToken);
    }

    private static void Begin(Utf8Buffer buffer, ListPage page)
    {
        buffer.Raw("{\"schemas\":[\""u8);
        buffer.Escaped(SchemaUrn);
        buffer.Raw("\"]"u8);
        Number(buffer, "\"totalResults\":"u8, page.TotalResults);
        Number(buffer, "\"startIndex\":"u8, page.StartIndex);
        Number(buffer, "\"itemsPerPage\":"u8, page.Resources.Count);
        if (page.NextCursor is { } cursor)
        {
            buffer.Name("\"nextCursor\":"u8);
            buffer.Value(cursor);
        }

        buffer.Raw(",\"Resources\":["u8);
    }

    private static void Number(Utf8Buffer buffer, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            buffer.Name(name);
            buffer.Value(number);
        }
    }
}
