using System.ComponentModel.DataAnnotations;

namespace ScimServer.Provisioning;

/// <summary>The provisioning log: what identity providers asked for and what became of it; section <c>ProvisioningLog</c> of the configuration.</summary>
public sealed class ProvisioningLogOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "ProvisioningLog";

    /// <summary>Whether requests are recorded. Default true. References are in errors and in the server's log all the same.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many days requests and their counts are kept. Default 14; 0 keeps them for ever.</summary>
    [Range(0, 3650)]
    public int RetentionDays { get; set; } = 14;

    /// <summary>
    /// Whether failures keep the values of attributes. Default false: names, paths, operations and types are kept, and of each value its kind and length.
    /// Passwords and whatever else is never returned are not kept in either case.
    /// </summary>
    public bool KeepValues { get; set; }

    /// <summary>Successful requests a second that each server records. Default 2000. More are counted and not recorded; failures do not count.</summary>
    [Range(1, 100_000)]
    public int MaxPerSecond { get; set; } = 2000;

    /// <summary>How many requests that failed before their tenant was known are kept, the newest ones. Default 1000.</summary>
    [Range(1, 1_000_000)]
    public int MaxRefused { get; set; } = 1000;
}
