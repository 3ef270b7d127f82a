using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;

namespace ScimServer.Events.SecurityEvents;

/// <summary>
/// The event URIs of RFC 9967 §7.4 that this server sends. There is no <c>feed:add</c> and <c>feed:remove</c>, because every resource is in every
/// stream; no <c>prov:put:full</c>, because a full stream tells a PUT as the PATCH that would do the same (§5 recommends it); and no
/// <c>misc:asyncresp</c>, because there are no asynchronous requests.
/// </summary>
internal static class SecurityEventUris
{
    public const string CreateNotice = Prefix + "prov:create:notice";
    public const string CreateFull = Prefix + "prov:create:full";
    public const string PatchNotice = Prefix + "prov:patch:notice";
    public const string PatchFull = Prefix + "prov:patch:full";
    public const string PutNotice = Prefix + "prov:put:notice";
    public const string Delete = Prefix + "prov:delete";
    public const string Activate = Prefix + "prov:activate";
    public const string Deactivate = Prefix + "prov:deactivate";

    private const string Prefix = "urn:ietf:params:scim:event:";

    /// <summary>All that some stream can have.</summary>
    public static IReadOnlyList<string> All { get; } = [CreateNotice, CreateFull, PatchNotice, PatchFull, PutNotice, Delete, Activate, Deactivate];

    /// <summary>What a stream of that mode can have. A full one has notices of what may not be told, such as a new password (EVT-23).</summary>
    public static IReadOnlyList<string> Of(StreamMode mode) => mode == StreamMode.Full
        ? [CreateFull, PatchFull, PatchNotice, Delete, Activate, Deactivate]
        : [CreateNotice, PatchNotice, PutNotice, Delete, Activate, Deactivate];

    /// <summary>Refuses what no stream of that mode can have.</summary>
    /// <exception cref="AccessException">One of them is none.</exception>
    public static void ThrowIfUnknown(StreamMode mode, IReadOnlyCollection<string>? events)
    {
        if (events?.FirstOrDefault(uri => !Of(mode).Contains(uri)) is { } unknown)
        {
            throw new AccessException($"There is no event \"{ScimErrors.Shorten(unknown)}\" in this mode. There are {string.Join(", ", Of(mode))}.") { Field = "events" };
        }
    }

    /// <summary>What a stream sends: what its mode has and its receiver asked for.</summary>
    public static IReadOnlyList<string> Delivered(EventStreamRow stream) =>
        stream.Events is null ? Of(stream.Mode) : [.. Of(stream.Mode).Intersect(stream.Events)];

    /// <summary>The mode for a receiver that asks for these: full only if it wants to be told the data and not to fetch them (EVT-21).</summary>
    public static StreamMode ModeFor(IReadOnlyCollection<string>? requested) =>
        requested is not null && (requested.Contains(CreateFull) || requested.Contains(PatchFull)) && !requested.Contains(CreateNotice) && !requested.Contains(PutNotice)
            ? StreamMode.Full
            : StreamMode.Notice;
}
