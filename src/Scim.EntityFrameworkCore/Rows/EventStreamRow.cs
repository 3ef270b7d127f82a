using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>A stream of security event tokens to one receiver, with its place in the change log.</summary>
public sealed class EventStreamRow
{
    /// <summary>The tenant whose changes it tells.</summary>
    public required int TenantId { get; init; }

    /// <summary>The id by which it is addressed.</summary>
    public required Guid Id { get; init; }

    /// <summary>The <c>iss</c> of its tokens, for as long as there is the stream.</summary>
    public required string Issuer { get; init; }

    /// <summary>The <c>aud</c> of its tokens.</summary>
    public required string Audience { get; init; }

    /// <summary>How much the tokens say.</summary>
    public required StreamMode Mode { get; set; }

    /// <summary>The URIs of the events that the receiver asked for; null for all of the mode.</summary>
    public string[]? Events { get; set; }

    /// <summary>How the tokens get to the receiver.</summary>
    public required StreamDelivery Delivery { get; init; }

    /// <summary>Where they are pushed to; null for a stream that is polled.</summary>
    public string? EndpointUrl { get; set; }

    /// <summary>The Authorization header that goes with a push, encrypted; null for none.</summary>
    public byte[]? Authorization { get; set; }

    /// <summary>What the receiver says of it.</summary>
    public string? Description { get; set; }

    /// <summary>Whether tokens are sent.</summary>
    public required StreamStatus Status { get; set; }

    /// <summary>Why the server or an operator changed the status; null when nobody said.</summary>
    public string? StatusReason { get; set; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The last number of the change log that was looked at: what follows it has not been told yet.</summary>
    public required long Position { get; set; }

    /// <summary>Since when every push failed; null while they succeed.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>How many times in a row all pushes failed.</summary>
    public int Failures { get; set; }

    /// <summary>Before this time nothing is pushed; null for at once.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>When the receiver last took a token.</summary>
    public DateTimeOffset? DeliveredAt { get; set; }
}

/// <summary>
/// That a stream is pushed. Read for all tenants together by the instances that share the work out, so it says nothing of the stream.
/// </summary>
public sealed class PushStreamRow
{
    /// <summary>The tenant.</summary>
    public required int TenantId { get; init; }

    /// <summary>The stream.</summary>
    public required Guid StreamId { get; init; }
}

/// <summary>That a stream is polled. Read for all tenants together by the instance that measures how far behind the receivers are.</summary>
public sealed class PollStreamRow
{
    /// <summary>The tenant.</summary>
    public required int TenantId { get; init; }

    /// <summary>The stream.</summary>
    public required Guid StreamId { get; init; }
}

/// <summary>How much the tokens of a stream say (RFC 9967 §2.4).</summary>
public enum StreamMode
{
    /// <summary>Which attributes changed; the receiver fetches them. For coordinated provisioning.</summary>
    Notice,

    /// <summary>The change itself. For replication.</summary>
    Full,
}

/// <summary>How tokens get to the receiver.</summary>
public enum StreamDelivery
{
    /// <summary>The receiver asks for them (RFC 8936).</summary>
    Poll,

    /// <summary>They are sent to it (RFC 8935).</summary>
    Push,
}

/// <summary>The status of a stream, as the Shared Signals Framework names it (EVT-77).</summary>
public enum StreamStatus
{
    /// <summary>Tokens are sent.</summary>
    Enabled,

    /// <summary>Nothing is sent; what happens is sent when it is enabled again.</summary>
    Paused,

    /// <summary>Nothing is sent, and what happens meanwhile never will be.</summary>
    Disabled,
}

internal sealed class PushStreamRowConfiguration : IEntityTypeConfiguration<PushStreamRow>
{
    public void Configure(EntityTypeBuilder<PushStreamRow> builder)
    {
        builder.ToTable("push_streams");
        builder.HasKey(row => new { row.TenantId, row.StreamId });
        builder.HasOne<EventStreamRow>().WithOne().HasForeignKey<PushStreamRow>(row => new { row.TenantId, row.StreamId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class PollStreamRowConfiguration : IEntityTypeConfiguration<PollStreamRow>
{
    public void Configure(EntityTypeBuilder<PollStreamRow> builder)
    {
        builder.ToTable("poll_streams");
        builder.HasKey(row => new { row.TenantId, row.StreamId });
        builder.HasOne<EventStreamRow>().WithOne().HasForeignKey<PollStreamRow>(row => new { row.TenantId, row.StreamId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class EventStreamRowConfiguration : IEntityTypeConfiguration<EventStreamRow>
{
    public void Configure(EntityTypeBuilder<EventStreamRow> builder)
    {
        builder.ToTable("event_streams");
        builder.HasKey(row => new { row.TenantId, row.Id });
        builder.Property(row => row.Mode).HasConversion<string>();
        builder.Property(row => row.Delivery).HasConversion<string>();
        builder.Property(row => row.Status).HasConversion<string>();
    }
}
