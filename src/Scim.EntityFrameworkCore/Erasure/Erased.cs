namespace Scim.EntityFrameworkCore.Erasure;

/// <summary>How a person is named who is to be erased: one of the three.</summary>
public sealed record PersonName
{
    /// <summary>The id, which also finds who was deleted before.</summary>
    public Guid? Id { get; init; }

    /// <summary>The userName, in any case.</summary>
    public string? UserName { get; init; }

    /// <summary>The id that the client gave.</summary>
    public string? ExternalId { get; init; }
}

/// <summary>What was removed of a person.</summary>
/// <param name="Id">The person's id, which stays in the records.</param>
public sealed record Erased(Guid Id)
{
    /// <summary>The type of the resource; null when nothing tells it any more.</summary>
    public string? ResourceType { get; init; }

    /// <summary>Resources that were deleted: 1, or 0 when the person had been deleted before.</summary>
    public int Resources { get; init; }

    /// <summary>Groups that the person left.</summary>
    public int Memberships { get; init; }

    /// <summary>Resources that referred to the person (as manager) and do no more.</summary>
    public int References { get; init; }

    /// <summary>Changes of the person that lost their values.</summary>
    public int Changes { get; init; }

    /// <summary>Changes of groups that lost the person's externalId.</summary>
    public int GroupChanges { get; init; }

    /// <summary>Failed requests that named the person and lost what was kept of them.</summary>
    public int Requests { get; init; }

    /// <summary>Errors of streams whose description named the person and was removed.</summary>
    public int StreamErrors { get; init; }

    /// <summary>Whether there was anything to remove.</summary>
    public bool IsAny => Resources + Changes + GroupChanges + Requests + StreamErrors > 0;

    /// <summary>The counts in words that name them.</summary>
    public override string ToString() =>
        $"resources {Resources}, memberships {Memberships}, references {References}, changes {Changes}, changes of groups {GroupChanges}, failed requests {Requests}, errors of streams {StreamErrors}";
}
