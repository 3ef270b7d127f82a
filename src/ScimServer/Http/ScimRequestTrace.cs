using System.Diagnostics;
using Scim.Bulk;
using Scim.Errors;

namespace ScimServer.Http;

/// <summary>How far a request has come.</summary>
internal enum RequestStep
{
    /// <summary>Its token was accepted.</summary>
    Authenticated,

    /// <summary>Its body was received and parsed.</summary>
    Read,

    /// <summary>The database has answered, and what the answer says is decided.</summary>
    Stored,
}

/// <summary>
/// What was noticed while a request was answered, for its line in the log and for the provisioning log: a feature of the HTTP context.
/// </summary>
public sealed class ScimRequestTrace
{
    private List<string>? rules;
    private long authenticated;
    private long read;
    private long stored;

    /// <summary>The names of the dialect rules that rewrote the body, in the order in which they did.</summary>
    public ICollection<string> AppliedRules => rules ??= [];

    /// <summary>Each of those names once, with commas between them; null when there is none.</summary>
    internal string? RuleNames => rules is { Count: > 0 } ? string.Join(',', rules.Distinct()) : null;

    /// <summary>The refusal that was sent; null for none.</summary>
    internal ScimError? Error { get; set; }

    /// <summary>The operations of a bulk that failed.</summary>
    internal IReadOnlyList<BulkResult> FailedOperations { get; set; } = [];

    /// <summary>Why the credential was refused, as far as it can be told without the database; null when it was not.</summary>
    internal string? Refusal { get; set; }

    /// <summary>The SHA-256 of a refused token, by which the operator can be told more; null when it cannot be one of ours.</summary>
    internal byte[]? RefusedHash { get; set; }

    /// <summary>Whether the body is kept until the request ends, so that the provisioning log can show a failure.</summary>
    internal bool KeepsBody { get; set; }

    /// <summary>The body that is kept. Whoever set <see cref="KeepsBody"/> disposes it.</summary>
    internal RequestBody? Body { get; set; }

    /// <summary>The trace of a request; begun when it has none.</summary>
    public static ScimRequestTrace Of(HttpContext context)
    {
        if (context.Features.Get<ScimRequestTrace>() is { } trace)
        {
            return trace;
        }

        trace = new ScimRequestTrace();
        context.Features.Set(trace);
        return trace;
    }

    /// <summary>Notes when a step was taken; the first time counts.</summary>
    internal void Mark(RequestStep step)
    {
        ref var mark = ref MarkOf(step);
        mark = mark == 0 ? Stopwatch.GetTimestamp() : mark;
    }

    /// <summary>When a step was taken; null when it was not.</summary>
    internal long? TimeOf(RequestStep step) => MarkOf(step) is var mark and not 0 ? mark : null;

    private ref long MarkOf(RequestStep step)
    {
        switch (step)
        {
            case RequestStep.Authenticated:
                return ref authenticated;
            case RequestStep.Read:
                return ref read;
            default:
                return ref stored;
        }
    }
}
