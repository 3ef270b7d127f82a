namespace Scim.EntityFrameworkCore.Access;

/// <summary>A customer.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name by which operators call it.</param>
/// <param name="Created">When it was created.</param>
public sealed record Tenant(int Id, string Name, DateTimeOffset Created)
{
    /// <summary>Where a row says which tenant it belongs to: none, but the operator.</summary>
    public const int OperatorId = 0;

    /// <summary>Since when its tokens are refused; null while they are accepted.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Since when it is being deleted; null unless it is.</summary>
    public DateTimeOffset? DeletingSince { get; init; }
}
