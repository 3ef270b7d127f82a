namespace Scim.EntityFrameworkCore.Access;

/// <summary>
/// Who administers: set by whoever lets an operator in, and written down with everything that is done until it is disposed. It
/// follows the calls, so that nothing on the way has to pass it on.
/// </summary>
public static class AdminActor
{
    /// <summary>The server itself, at its first start.</summary>
    private const string Server = "server";

    private static readonly AsyncLocal<string?> Name = new();

    internal static string Current => Name.Value ?? Server;

    /// <summary>Acts as somebody until the result is disposed.</summary>
    public static IDisposable Act(string name)
    {
        var before = Name.Value;
        Name.Value = name;
        return new Ending(before);
    }

    private sealed class Ending(string? before) : IDisposable
    {
        public void Dispose() => Name.Value = before;
    }
}
