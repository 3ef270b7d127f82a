using System.ComponentModel.DataAnnotations;

namespace ScimServer.Startup;

/// <summary>How the server stops; section <c>Shutdown</c> of the configuration.</summary>
public sealed class ShutdownOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "Shutdown";

    /// <summary>
    /// How many seconds requests that have begun may take to end after SIGTERM or Ctrl+C, while no new connection is taken.
    /// Default 30, what container platforms allow before they kill.
    /// </summary>
    [Range(0, 3600)]
    public int TimeoutSeconds { get; set; } = 30;
}
