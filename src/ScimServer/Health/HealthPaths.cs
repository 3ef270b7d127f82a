namespace ScimServer.Health;

/// <summary>Where the health endpoints are.</summary>
internal static class HealthPaths
{
    /// <summary>The process answers.</summary>
    public const string Live = "/health/live";

    /// <summary>The database does too, with all migrations.</summary>
    public const string Ready = "/health/ready";
}
