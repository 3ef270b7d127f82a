using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;
using ScimServer.Events.SecurityEvents;

namespace ScimServer.Admin;

/// <summary>A stream to be made.</summary>
/// <param name="EndpointUrl">Where tokens are pushed to. Default: none, the receiver polls.</param>
/// <param name="Authorization">The Authorization header of pushes. It is kept encrypted and never shown.</param>
/// <param name="Mode"><c>notice</c>: which attributes changed; <c>full</c>: the change itself. Default: notice.</param>
/// <param name="Events">The URIs of the events that are wanted. Default: all of the mode.</param>
/// <param name="Audience">The <c>aud</c> of the tokens. Default: one that names the stream.</param>
/// <param name="Description">What the stream is for.</param>
public sealed record CreateStreamRequest(
    string? EndpointUrl, string? Authorization, string? Mode, IReadOnlyList<string>? Events, string? Audience, string? Description)
{
    /// <summary>Without the header: a record prints its members, and this one may end up in a log.</summary>
    public override string ToString() => nameof(CreateStreamRequest);

    internal StreamRequest ToRequest()
    {
        var mode = Mode switch
        {
            null or "notice" => StreamMode.Notice,
            "full" => StreamMode.Full,
            _ => throw new AccessException("\"mode\" must be \"notice\" or \"full\".") { Field = "mode" },
        };
        SecurityEventUris.ThrowIfUnknown(mode, Events);
        if (Authorization is not null && EndpointUrl is null)
        {
            throw new AccessException("\"authorization\" goes with an \"endpointUrl\".") { Field = "authorization" };
        }

        return new StreamRequest { EndpointUrl = EndpointUrl, Authorization = Authorization, Mode = mode, Events = Events, Audience = Audience, Description = Description };
    }
}

/// <summary>Why the status of a stream changes.</summary>
/// <param name="Reason">For people; the receiver is told.</param>
public sealed record StreamReason(string? Reason);

/// <summary>A verification.</summary>
/// <param name="State">What the receiver is to see in it.</param>
public sealed record StreamVerification(string? State);

/// <summary>A stream, as the admin API shows it.</summary>
/// <param name="Id">The id.</param>
/// <param name="Issuer">The <c>iss</c> of its tokens.</param>
/// <param name="Audience">The <c>aud</c> of its tokens.</param>
/// <param name="Mode"><c>notice</c> or <c>full</c>.</param>
/// <param name="Delivery"><c>push</c> or <c>poll</c>.</param>
/// <param name="EndpointUrl">Where tokens are pushed to.</param>
/// <param name="Events">The events that are sent.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Status"><c>enabled</c>, <c>paused</c> or <c>disabled</c>.</param>
/// <param name="StatusReason">Why.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Waiting">How many tokens were issued and not taken.</param>
/// <param name="DeliveredAt">When the receiver last took a token.</param>
/// <param name="FailingSince">Since when every push failed.</param>
/// <param name="RetryAt">When tokens are pushed again.</param>
public sealed record StreamView(
    Guid Id,
    string Issuer,
    string Audience,
    string Mode,
    string Delivery,
    string? EndpointUrl,
    IReadOnlyList<string> Events,
    string? Description,
    string Status,
    string? StatusReason,
    DateTimeOffset Created,
    int Waiting,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? FailingSince,
    DateTimeOffset? RetryAt)
{
    internal static StreamView Of(EventStreamRow row, int waiting) => new(
        row.Id,
        row.Issuer,
        row.Audience,
        row.Mode.ToString().ToLowerInvariant(),
        row.Delivery.ToString().ToLowerInvariant(),
        row.EndpointUrl,
        SecurityEventUris.Delivered(row),
        row.Description,
        row.Status.ToString().ToLowerInvariant(),
        row.StatusReason,
        row.Created,
        waiting,
        row.DeliveredAt,
        row.FailingSince,
        row.RetryAt);
}

/// <summary>A token that did not get to its receiver.</summary>
/// <param name="At">When.</param>
/// <param name="Jti">The token.</param>
/// <param name="HttpStatus">The status of the answer to a push.</param>
/// <param name="Err">The code that the receiver gave, or what went wrong.</param>
/// <param name="Description">What the receiver says of it.</param>
/// <param name="GivenUp">Whether the token is not sent again.</param>
public sealed record StreamErrorView(DateTimeOffset At, string Jti, int? HttpStatus, string Err, string? Description, bool GivenUp)
{
    internal static StreamErrorView Of(StreamErrorRow row) => new(row.At, row.Jti, row.HttpStatus, row.Err, row.Description, row.GivenUp);
}
