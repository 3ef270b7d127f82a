using System.Text.Json.Nodes;
using Scim.Filters;

namespace Scim.Patching;

/// <summary>One operation of a PATCH.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Path">What it is done to; null for the resource itself, whose attributes are then the keys of the value.</param>
/// <param name="Value">
/// The value, null for JSON null. On a <c>remove</c> of a multi-valued attribute it lists the values that go; with null
/// all go.
/// </param>
public sealed record PatchOperation(PatchOperationKind Kind, PatchPath? Path, JsonNode? Value);
