namespace Scim.Schemas;

/// <summary>A file of definitions as the host has read it: Schema and ResourceType resources in the form of RFC 7643 §6 and §7.</summary>
/// <param name="Name">The name by which errors call it, for example <c>devices.json</c>.</param>
/// <param name="Utf8">Its content: one resource, an array of them, or a ListResponse.</param>
public sealed record SchemaFile(string Name, ReadOnlyMemory<byte> Utf8);
