using System.Globalization;
using Scim.EntityFrameworkCore.Changes;
using Scim.Errors;
using Scim.Schemas;
using ScimServer.Http;

namespace ScimServer.Events;

/// <summary>What a request for events asks.</summary>
/// <param name="Feed">Which events.</param>
/// <param name="Wait">How long to wait for the first.</param>
/// <param name="IsStream">True for Server-Sent Events.</param>
internal sealed record EventsQuery(FeedRequest Feed, TimeSpan Wait, bool IsStream)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 5_000;
    public const int MaxWait = 60;

    private const int MaxNames = 100;

    /// <exception cref="ScimException">400 invalidValue.</exception>
    public static EventsQuery Read(HttpRequest request, SchemaRegistry schemas)
    {
        var isStream = ServerSentEvents.AreWanted(request);
        var lastEventId = request.Headers["Last-Event-ID"].ToString();
        var types = Names(request, "types");
        var feed = new FeedRequest
        {
            After = isStream && lastEventId.Length > 0 ? lastEventId : Single(request, "after"),
            Limit = Math.Min(Number(request, "limit", 1, MaxLimit) ?? DefaultLimit, isStream ? FeedRequest.MaxWhole : MaxLimit),
            Kinds = types is null ? null : EventTypes.Parse(string.Join(',', types), schemas),
            Actors = Names(request, "actors"),
            OtherThan = Names(request, "notActors") ?? [],
        };
        return new EventsQuery(feed, TimeSpan.FromSeconds(Number(request, "wait", 0, MaxWait) ?? 0), isStream);
    }

    private static string? Single(HttpRequest request, string name)
    {
        var values = request.Query[name];
        return values.Count > 1
            ? throw ScimErrors.InvalidValue($"The parameter \"{name}\" is given {values.Count} times.")
            : values.FirstOrDefault() is { Length: > 0 } value ? value : null;
    }

    private static int? Number(HttpRequest request, string name, int min, int max) => Single(request, name) is not { } text
        ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw ScimErrors.InvalidValue($"\"{name}\" must be a number from {min} to {max}, not \"{ScimErrors.Shorten(text)}\".");

    /// <summary>Names with commas between them, in one parameter or several; null when there is none.</summary>
    private static List<string>? Names(HttpRequest request, string name)
    {
        var names = request.Query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        return names.Count > MaxNames
            ? throw ScimErrors.InvalidValue($"\"{name}\" may have at most {MaxNames} values.")
            : names.Count > 0 ? names : request.Query.ContainsKey(name) ? throw ScimErrors.InvalidValue($"\"{name}\" is empty.") : null;
    }
}
