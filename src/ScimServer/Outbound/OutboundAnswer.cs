namespace ScimServer.Outbound;

/// <summary>Why there was no answer.</summary>
internal enum OutboundFault
{
    /// <summary>There was one.</summary>
    None,

    /// <summary>The name leads to an address that is not public and not allowed, or the scheme is not allowed. Nothing was sent.</summary>
    NotAllowed,

    /// <summary>The name is unknown, or no connection came about. Which of them is not told: it would map a network.</summary>
    NoConnection,

    /// <summary>The certificate is not one for this name, or TLS failed otherwise.</summary>
    Tls,

    /// <summary>No whole answer came in time.</summary>
    TimedOut,

    /// <summary>The connection broke, or what came is no HTTP.</summary>
    Broken,
}

/// <summary>What became of a request.</summary>
internal sealed record OutboundAnswer
{
    /// <summary>The status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Why there was none.</summary>
    public OutboundFault Fault { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How long the receiver asks to wait (Retry-After, as seconds or as a date); null when it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The media type of the answer, in lower case; null for none.</summary>
    public string? MediaType { get; init; }

    /// <summary>The beginning of the answer, <see cref="OutboundOptions.MaxAnswerBytes"/> at most. Foreign text: bound and clean it before it is shown (EVT-58).</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether the status is 2xx (EVT-87).</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>What failed, for people; null on success.</summary>
    public string? Error => Fault switch
    {
        OutboundFault.NotAllowed => "address not allowed",
        OutboundFault.NoConnection => "no connection",
        OutboundFault.Tls => "TLS failed",
        OutboundFault.TimedOut => "no answer in time",
        OutboundFault.Broken => "the connection broke",
        _ when IsSuccess => null,
        _ when Status is >= 300 and < 400 => "redirects are not followed",
        _ => "refused",
    };
}
