namespace ScimServer.Events.SecurityEvents;

/// <summary>What is noted of a token that did not get to its receiver, in our own words; the receiver's are the codes of RFC 8935 §2.4.</summary>
internal static class SetErrors
{
    /// <summary>The change is not kept any more, or its resource type is not served any more.</summary>
    public const string Expired = "expired";

    /// <summary>The receiver cannot read it, and will not another time.</summary>
    public const string InvalidRequest = "invalid_request";
}
