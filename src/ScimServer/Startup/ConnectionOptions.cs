using System.ComponentModel.DataAnnotations;

namespace ScimServer.Startup;

/// <summary>How long clients may take to send a request; section <c>Connections</c> of the configuration. Who takes longer gets 408, and the connection is closed.</summary>
public sealed class ConnectionOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "Connections";

    /// <summary>Seconds for the request line and the headers. Default 15.</summary>
    [Range(1, 3600)]
    public int RequestHeadersSeconds { get; set; } = 15;

    /// <summary>Bytes a second that a body must come with, on average since it began. Default 240.</summary>
    [Range(1, 1024 * 1024)]
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>Seconds before the rate of a body counts. Default 5; not 1, because the web server looks once a second.</summary>
    [Range(2, 3600)]
    public int BodyGraceSeconds { get; set; } = 5;

    /// <summary>Open connections; 0 for no limit. Default 10,000: each costs memory before anything about its client is known.</summary>
    [Range(0, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;
}
