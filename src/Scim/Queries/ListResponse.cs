using System.IO.Pipelines;
using Scim.Projections;
using Scim.Resources;

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
    public static async ValueTask WriteAsync(
        PipeWriter output, long totalResults, int startIndex, IReadOnlyList<Resource> resources, Projection projection, ResourceAddress address, CancellationToken cancellationToken)
    {
        using var buffer = new Utf8Buffer();
        Begin(buffer, totalResults, startIndex, resources.Count);
        foreach (var resource in resources)
        {
            await ResourceWriter.AppendAsync(buffer, output, resource, projection, address, cancellationToken);
        }

        buffer.Raw("]}"u8);
        await ResourceWriter.FlushAsync(buffer, output, cancellationToken);
    }

    private static void Begin(Utf8Buffer buffer, long totalResults, int startIndex, int itemsPerPage)
    {
        buffer.Raw("{\"schemas\":[\""u8);
        buffer.Escaped(SchemaUrn);
        buffer.Raw("\"],\"totalResults\":"u8);
        buffer.Value(totalResults);
        buffer.Raw(",\"startIndex\":"u8);
        buffer.Value(startIndex);
        buffer.Raw(",\"itemsPerPage\":"u8);
        buffer.Value(itemsPerPage);
        buffer.Raw(",\"Resources\":["u8);
    }
}
