using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Scim.EntityFrameworkCore.Provisioning;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using Scim.Json;
using Scim.Schemas;

namespace ScimServer.Events.SecurityEvents;

/// <summary>
/// Makes security event tokens (RFC 8417) of what a stream owes. Made again, a token has the same claims; its signature differs, and its
/// key may have changed.
/// </summary>
public sealed class SetIssuer(SchemaRegistry schemas, SigningKeyRing keys)
{
    /// <summary>The media type of a token on its own.</summary>
    public const string MediaType = "application/secevent+jwt";

    private const string Type = "secevent+jwt";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly EventPayloads payloads = new(schemas);

    /// <summary>Whether a token can still be made: its change is kept and not erased, and its resource type is served.</summary>
    public bool CanIssue(OwedSet set) => !set.IsGone && (set.Change is null
        || ((!set.Change.IsErased || set.Row.Events is [SecurityEventUris.Delete]) && schemas.FindResourceType(set.Change.ResourceType) is not null));

    /// <summary>What the stream tells.</summary>
    public StreamFilter FilterOf(EventStreamRow stream) => ChangeEvents.FilterOf(stream, schemas);

    /// <summary>The signed token.</summary>
    public async ValueTask<string> IssueAsync(EventStreamRow stream, OwedSet set, CancellationToken cancellationToken)
    {
        var credentials = await keys.CurrentAsync(cancellationToken);
        return Handler.CreateToken(Claims(stream, set), credentials, new Dictionary<string, object> { [JwtHeaderParameterNames.Typ] = Type });
    }

    /// <summary>No <c>exp</c>: it tells of something past (RFC 8417 §2.2). No <c>sub</c> (RFC 9967 §2.1).</summary>
    private string Claims(EventStreamRow stream, OwedSet set)
    {
        using var json = JsonBuffer.Rent();
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteString("iss"u8, stream.Issuer);
        writer.WriteNumber("iat"u8, set.Row.IssuedAt.ToUnixTimeSeconds());
        writer.WriteString("jti"u8, set.Row.Jti);
        writer.WriteStartArray("aud"u8);
        writer.WriteStringValue(stream.Audience);
        writer.WriteEndArray();
        if (set.Change is { } change)
        {
            WriteChange(writer, change, set.Row.Events);
        }
        else
        {
            WriteNote(writer, stream, set.Row);
        }

        writer.WriteEndObject();
        return json.ToString();
    }

    private void WriteChange(Utf8JsonWriter writer, ChangeRow change, IReadOnlyList<string> events)
    {
        writer.WriteString("txn"u8, RequestReference.Format(change.Txn));
        writer.WriteNumber("toe"u8, change.At.ToUnixTimeSeconds());
        writer.WriteStartObject("sub_id"u8);
        writer.WriteString("format"u8, "scim"u8);
        writer.WriteString("uri"u8, $"{schemas.FindResourceType(change.ResourceType)!.Endpoint}/{change.ResourceId}");
        if (change.ExternalId is not null)
        {
            writer.WriteString("externalId"u8, change.ExternalId);
        }

        writer.WriteEndObject();
        writer.WritePropertyName("events"u8);
        payloads.Write(writer, change, events);
    }

    private static void WriteNote(Utf8JsonWriter writer, EventStreamRow stream, IssuedSetRow note)
    {
        writer.WriteStartObject("sub_id"u8);
        writer.WriteString("format"u8, "opaque"u8);
        writer.WriteString("id"u8, stream.Id);
        writer.WriteEndObject();
        writer.WriteStartObject("events"u8);
        writer.WritePropertyName(note.Events[0]);
        writer.WriteRawValue(note.Payload!, skipInputValidation: true);
        writer.WriteEndObject();
    }
}
