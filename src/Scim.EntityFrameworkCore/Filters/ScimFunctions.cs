namespace Scim.EntityFrameworkCore.Filters;

/// <summary>Functions of the database that queries call.</summary>
public static class ScimFunctions
{
    /// <summary>
    /// Whether a folded document matches. On PostgreSQL the argument is a jsonpath and the function is inlined to <c>@?</c>,
    /// which the GIN index serves; on SQLite it is a filter, evaluated by the server's own evaluator.
    /// </summary>
    /// <exception cref="InvalidOperationException">Always: the function exists in the database only.</exception>
    public static bool Matches(string search, string argument) =>
        throw new InvalidOperationException("scim_matches exists in the database only.");
}
