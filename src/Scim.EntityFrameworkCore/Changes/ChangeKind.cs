namespace Scim.EntityFrameworkCore.Changes;

/// <summary>The kinds of change, as they are stored.</summary>
internal static class ChangeKind
{
    public const string Create = "create";
    public const string Replace = "replace";
    public const string Patch = "patch";
    public const string Delete = "delete";
}
