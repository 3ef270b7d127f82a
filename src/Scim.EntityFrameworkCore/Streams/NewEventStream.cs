using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Streams;

/// <summary>A stream that is to be made.</summary>
public sealed record NewEventStream
{
    /// <summary>The id; it is part of the default audience.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>The <c>iss</c> of its tokens.</summary>
    public required string Issuer { get; init; }

    /// <summary>The <c>aud</c> of its tokens; null for one that names the stream.</summary>
    public string? Audience { get; init; }

    /// <summary>How much the tokens say.</summary>
    public StreamMode Mode { get; init; }

    /// <summary>The events that the receiver asks for; null for all of the mode.</summary>
    public IReadOnlyCollection<string>? Events { get; init; }

    /// <summary>Where tokens are pushed to; null for a stream that is polled.</summary>
    public string? EndpointUrl { get; init; }

    /// <summary>The Authorization header of a push, encrypted; null for none.</summary>
    public byte[]? Authorization { get; init; }

    /// <summary>What the receiver says of it.</summary>
    public string? Description { get; init; }
}
