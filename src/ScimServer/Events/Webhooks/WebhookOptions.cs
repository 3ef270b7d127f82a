using System.ComponentModel.DataAnnotations;

namespace ScimServer.Events.Webhooks;

/// <summary>Sending events to endpoints; section <c>Webhooks</c> of the configuration.</summary>
public sealed class WebhookOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "Webhooks";

    /// <summary>Whether this instance sends. Default true; false for instances that only answer requests.</summary>
    public bool Deliver { get; set; } = true;

    /// <summary>Requests to one endpoint at a time. Default 8. Events of one resource are always sent one after the other.</summary>
    [Range(1, 100)]
    public int Concurrency { get; set; } = 8;

    /// <summary>An endpoint that failed for so many days without a single success is disabled. Default 5.</summary>
    [Range(1, 365)]
    public int DisableAfterDays { get; set; } = 5;

    /// <summary>How many days attempts are kept. Default 30.</summary>
    [Range(1, 365)]
    public int AttemptRetentionDays { get; set; } = 30;

    /// <summary>How many days before an access token without successor expires the operator is told. Default 14; 0 for never.</summary>
    [Range(0, 365)]
    public int TokenWarningDays { get; set; } = 14;
}
