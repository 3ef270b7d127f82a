namespace ScimServer.Http;

/// <summary>
/// What was noticed while a request was read, for its line in the log: a feature of the HTTP context. It holds names of
/// rules, never values.
/// </summary>
public sealed class ScimRequestTrace
{
    /// <summary>The names of the dialect rules that rewrote the body, in the order in which they did.</summary>
    public ICollection<string> AppliedRules { get; } = new List<string>();

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
}
