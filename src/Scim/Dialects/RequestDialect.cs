using System.Text.Json.Nodes;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>
/// Rewrites what identity providers send into the form of the RFC, before anything else reads it. Every tolerated
/// deviation is one rule with a name; what no rule knows stays as it is and is refused by the strict readers.
/// </summary>
/// <example><code>
/// var applied = new List&lt;string&gt;();
/// dialect.NormalizePatch(type, body, applied);   // applied: ["CapitalisedOperation", "StringBoolean"]
/// var request = PatchRequest.Parse(body, limits) with { CreateMissingElements = dialect.CreatesMissingElements };
/// </code></example>
public sealed class RequestDialect
{
    /// <summary>
    /// The name of the one rule that the patch engine carries out, since only it knows what is there: an element that a
    /// value path of <c>eq</c> terms describes is created when there is none (ENTRA-23 to ENTRA-27).
    /// </summary>
    public const string CreateMissingElement = "CreateMissingElement";

    private static readonly MessageRule[] AllMessageRules =
        [new MemberNameCase(), new MessageSchema(), new CapitalisedOperation(), new EmptyPath(), new PathAsKey()];

    // In this order: first whether there are one or many, then the form of one, then its type.
    private static readonly ValueRule[] AllValueRules =
        [new EmptyString(), new OneElementArray(), new WrappedValue(), new SingleForMany(), new BareValue(), new NumberAsString(), new StringBoolean()];

    private readonly MessageRule[] messageRules;
    private readonly ValueNormalizer values;
    private readonly ValueNormalizer removedValues;

    /// <summary>A dialect with all rules but those that are disabled.</summary>
    /// <exception cref="ArgumentException">A disabled rule does not exist.</exception>
    public RequestDialect(DialectOptions options)
    {
        var disabled = new HashSet<string>(options.Disabled, StringComparer.OrdinalIgnoreCase);
        if (disabled.FirstOrDefault(name => !RuleNames.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new ArgumentException($"There is no dialect rule \"{unknown}\". The rules are {string.Join(", ", RuleNames)}.", nameof(options));
        }

        messageRules = [.. AllMessageRules.Where(rule => !disabled.Contains(rule.Name))];
        ValueRule[] valueRules = [.. AllValueRules.Where(rule => !disabled.Contains(rule.Name))];
        values = new ValueNormalizer(valueRules);
        removedValues = new ValueNormalizer([.. valueRules.Select(rule => rule.ForRemove).OfType<ValueRule>()]);
        CreatesMissingElements = !disabled.Contains(CreateMissingElement);
    }

    /// <summary>The names of all rules.</summary>
    public static IReadOnlyList<string> RuleNames { get; } =
        [.. AllMessageRules.Select(rule => rule.Name), .. AllValueRules.Select(rule => rule.Name), CreateMissingElement];

    /// <summary>Whether <see cref="CreateMissingElement"/> is on; to be handed to the patch request.</summary>
    public bool CreatesMissingElements { get; }

    /// <summary>Rewrites the body of a POST or PUT in place.</summary>
    /// <param name="type">The type of the resource.</param>
    /// <param name="body">The body.</param>
    /// <param name="applied">Receives the name of each rule that changed something, once.</param>
    public void NormalizeResource(ResourceType type, JsonObject body, ICollection<string> applied)
    {
        foreach (var rule in messageRules)
        {
            if (rule.RewriteResource(type, body))
            {
                applied.Add(rule.Name);
            }
        }

        values.NormalizeMembers(type, owner: null, body, applied);
    }

    /// <summary>Rewrites the body of a PATCH in place.</summary>
    /// <inheritdoc cref="NormalizeResource"/>
    public void NormalizePatch(ResourceType type, JsonObject body, ICollection<string> applied)
    {
        foreach (var rule in messageRules)
        {
            if (rule.RewritePatch(body))
            {
                applied.Add(rule.Name);
            }
        }

        foreach (var operation in (body["Operations"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var isRemoval = string.Equals(JsonText.AsString(operation["op"]), "remove", StringComparison.OrdinalIgnoreCase);
            (isRemoval ? removedValues : values).NormalizeOperation(type, operation, applied);
        }
    }
}
