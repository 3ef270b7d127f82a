namespace ScimServer.Observability;

/// <summary>How log events are printed.</summary>
public enum LogFormat
{
    /// <summary>A line for people.</summary>
    Text,

    /// <summary>A line of JSON (compact log event format), for programs.</summary>
    Json,
}

