using System.Text;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using ScimServer.Outbound;

namespace ScimServer.Events.SecurityEvents;

/// <summary>A stream that somebody asks for.</summary>
public sealed record StreamRequest
{
    /// <summary>The audience; null for one that names the stream.</summary>
    public string? Audience { get; init; }

    /// <summary>How much the tokens say.</summary>
    public StreamMode Mode { get; init; }

    /// <summary>The events; null for all of the mode.</summary>
    public IReadOnlyCollection<string>? Events { get; init; }

    /// <summary>Where tokens are pushed to; null for a stream that is polled.</summary>
    public string? EndpointUrl { get; init; }

    /// <summary>The Authorization header of pushes; null for none.</summary>
    public string? Authorization { get; init; }

    /// <summary>What the receiver says of it.</summary>
    public string? Description { get; init; }

    /// <summary>Without the header: a record prints its members, and this one may end up in a log.</summary>
    public override string ToString() => nameof(StreamRequest);
}

/// <summary>Makes streams, whoever asks for them, and keeps their secrets.</summary>
public sealed class StreamRegistration(EventStreams streams, StoredSecrets secrets, IOptions<OutboundOptions> outbound)
{
    private const int MaxHeader = 4_096;

    /// <summary>Makes a stream.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="baseUrl">The base of issuers (<see cref="StreamAddress"/>).</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancellationToken">Heeded until the write.</param>
    /// <exception cref="AccessException">It cannot be made so; the message says why.</exception>
    public async Task<EventStreamRow> CreateAsync(Tenant tenant, string baseUrl, StreamRequest request, CancellationToken cancellationToken)
    {
        var stream = new NewEventStream
        {
            Issuer = StreamAddress.IssuerOf(baseUrl, tenant.Id),
            Audience = request.Audience,
            Mode = request.Mode,
            Events = request.Events,
            EndpointUrl = request.EndpointUrl is null ? null : Endpoint(request.EndpointUrl),
            Description = request.Description,
        };
        return await streams.CreateAsync(tenant, stream with { Authorization = await SealAsync(stream.Id, request.Authorization, cancellationToken) }, cancellationToken);
    }

    /// <summary>An address that tokens can be pushed to.</summary>
    /// <exception cref="AccessException">It cannot be one.</exception>
    public string Endpoint(string text) => OutboundAddress.Read(text, "endpointUrl", outbound.Value).AbsoluteUri;

    /// <summary>Encrypts the Authorization header of a stream.</summary>
    /// <exception cref="AccessException">It can be no header.</exception>
    public async ValueTask<byte[]?> SealAsync(Guid streamId, string? header, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(header))
        {
            return null;
        }

        return header.Length > MaxHeader || header.Any(c => c is < ' ' or > '~')
            ? throw new AccessException($"The Authorization header may have at most {MaxHeader} printable ASCII characters.") { Field = "authorization" }
            : await secrets.SealAsync(EventStreams.AuthorizationUse(streamId), Encoding.ASCII.GetBytes(header), cancellationToken);
    }

    /// <summary>The Authorization header of a stream, or null.</summary>
    public async ValueTask<string?> AuthorizationAsync(EventStreamRow stream, CancellationToken cancellationToken) => stream.Authorization is null
        ? null
        : Encoding.ASCII.GetString(await secrets.OpenAsync(EventStreams.AuthorizationUse(stream.Id), stream.Authorization, cancellationToken));
}
