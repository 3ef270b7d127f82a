namespace ScimServer.Startup;

/// <summary>Whether the database has been prepared, and what is missing until it is.</summary>
internal sealed class Readiness
{
    private volatile string? missing = "The server is starting.";

    public bool IsReady => missing is null;

    /// <summary>What keeps requests waiting; null once the server is ready.</summary>
    public string? Missing => missing;

    public void Wait(string reason) => missing = reason;

    public void SetReady() => missing = null;
}
