using System.Diagnostics.CodeAnalysis;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>The id of a resource as clients see it.</summary>
internal static class ResourceId
{
    /// <summary>Reads an id. It is caseExact (RFC 7643 §3.1): another spelling of the same UUID is the id of nothing.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Guid id) => Guid.TryParseExact(text, "D", out id) && id.ToString() == text;
}
