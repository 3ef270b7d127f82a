using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>
/// What an event is made of: a <see cref="ChangeRow"/> whose texts are UTF-8, empty where there is none. They are valid as long as the buffer in
/// which they lie.
/// </summary>
public readonly ref struct EventFields
{
    /// <inheritdoc cref="ChangeId"/>
    public required ChangeId Id { get; init; }

    /// <inheritdoc cref="ChangeRow.Parts"/>
    public required int Parts { get; init; }

    /// <inheritdoc cref="ChangeRow.ResourceType"/>
    public required string ResourceType { get; init; }

    /// <inheritdoc cref="ChangeRow.Kind"/>
    public required string Kind { get; init; }

    /// <inheritdoc cref="ChangeRow.Version"/>
    public required long Version { get; init; }

    /// <inheritdoc cref="ChangeRow.At"/>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc cref="ChangeRow.Actor"/>
    public required ReadOnlySpan<byte> Actor { get; init; }

    /// <inheritdoc cref="ChangeRow.ExternalId"/>
    public required ReadOnlySpan<byte> ExternalId { get; init; }

    /// <inheritdoc cref="ChangeRow.Display"/>
    public required ReadOnlySpan<byte> Display { get; init; }

    /// <inheritdoc cref="ChangeRow.Delta"/>
    public required ReadOnlySpan<byte> Delta { get; init; }
}
