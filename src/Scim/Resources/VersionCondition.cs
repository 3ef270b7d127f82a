using Scim.Errors;

namespace Scim.Resources;

/// <summary>What a request requires of the version that a resource has (RFC 7644 §3.14, RFC 9110 §13).</summary>
/// <param name="IfMatch">It must be one of these.</param>
/// <param name="IfNoneMatch">It must not be one of these.</param>
public sealed record VersionCondition(ETagCondition IfMatch, ETagCondition IfNoneMatch)
{
    /// <summary>Any version will do.</summary>
    public static VersionCondition None { get; } = new(ETagCondition.None, ETagCondition.None);

    /// <summary>Whether If-Match, which is looked at first (RFC 9110 §13.2.2), lets the request through.</summary>
    /// <exception cref="ScimException">412.</exception>
    public void CheckMatch(long version)
    {
        if (IfMatch.IsPresent && !IfMatch.Matches(version))
        {
            throw ScimErrors.PreconditionFailed($"The resource has the version {ETag.Format(version)}, which If-Match does not name. Read it again and repeat the change.");
        }
    }

    /// <summary>Whether a read finds only what the client has already: 304.</summary>
    public bool IsNotModified(long version) => IfNoneMatch.IsPresent && IfNoneMatch.Matches(version);

    /// <summary>Whether both let a write through.</summary>
    /// <exception cref="ScimException">412.</exception>
    public void Check(long version)
    {
        CheckMatch(version);
        if (IsNotModified(version))
        {
            throw ScimErrors.PreconditionFailed($"The resource has the version {ETag.Format(version)}, which If-None-Match excludes.");
        }
    }
}
