using System.Data.Common;

namespace Scim.EntityFrameworkCore;

/// <summary>The database cannot do at the moment what it is asked, by no fault of the request.</summary>
/// <param name="Reason">What the database or its driver says: addresses and files, and nothing of any request.</param>
/// <param name="IsFull">Whether it has no room, and does not mend by itself; it can be read all the same.</param>
internal sealed record DatabaseOutage(string Reason, bool IsFull)
{
    /// <summary>The error of the database in what was thrown; others wrap it, and it may wrap others.</summary>
    public static DbException? ErrorIn(Exception failure)
    {
        for (var at = failure; at is not null; at = at.InnerException)
        {
            if (at is DbException error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>The words of an error and of its cause, which alone says what happened where the driver says only when.</summary>
    public static string Describe(DbException error)
    {
        var cause = error.GetBaseException().Message;
        return error.Message.Contains(cause, StringComparison.Ordinal) ? error.Message : $"{error.Message} {cause}";
    }
}
