using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Webhooks;
using Scim.Errors;
using Scim.Schemas;
using ScimServer.Outbound;

namespace ScimServer.Events.Webhooks;

/// <summary>What an endpoint is to get, out of what was given.</summary>
internal static class WebhookFilter
{
    private const int MaxNames = 100;
    private const int MaxText = 200;

    /// <summary>The events that an endpoint gets, as the change log is asked for them.</summary>
    public static FeedRequest Of(NewWebhook webhook, SchemaRegistry schemas) => new()
    {
        Kinds = webhook.Types is { } types ? EventTypes.Parse(string.Join(',', types), schemas) : null,
        Actors = webhook.Actors,
        OtherThan = webhook.NotActors,
    };

    /// <summary>Whether it gets this one.</summary>
    public static bool Matches(FeedRequest filter, ChangeRow change) =>
        filter.Kinds?.Contains($"{change.ResourceType}:{change.Kind}") != false
        && filter.Actors?.Contains(change.Actor) != false
        && !filter.OtherThan.Contains(change.Actor);

    /// <summary>Checks what is to be added.</summary>
    /// <exception cref="AccessException">Something makes no sense; the field names it.</exception>
    public static NewWebhook Check(NewWebhook webhook, OutboundOptions options, SchemaRegistry schemas)
    {
        OutboundAddress.Read(webhook.Url, "url", options);
        CheckNames(webhook.Types, "types");
        CheckNames(webhook.Actors, "actors");
        CheckNames(webhook.NotActors is { Count: > 0 } others ? others : null, "notActors");
        if (webhook.Description is { Length: > MaxText })
        {
            throw new AccessException($"\"description\" may have at most {MaxText} characters.") { Field = "description" };
        }

        try
        {
            Of(webhook, schemas);
        }
        catch (ScimException refusal)
        {
            throw new AccessException(refusal.Error.Detail!) { Field = "types" };
        }

        return webhook;
    }

    private static void CheckNames(IReadOnlyList<string>? names, string field)
    {
        if (names is not null && (names.Count is 0 or > MaxNames || names.Any(name => string.IsNullOrWhiteSpace(name) || name.Length > MaxText)))
        {
            throw new AccessException($"\"{field}\" must be 1 to {MaxNames} names.") { Field = field };
        }
    }
}
