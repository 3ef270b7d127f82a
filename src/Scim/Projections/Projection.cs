using System.Runtime.CompilerServices;
using Scim.Errors;
using Scim.Paths;
using Scim.Schemas;

namespace Scim.Projections;

/// <summary>
/// Which attributes of a resource an answer holds: the schema's <c>returned</c> (RFC 7643 §7) and the client's
/// <c>attributes</c> or <c>excludedAttributes</c> (RFC 7644 §3.9) decided once per request, for every attribute of the type.
/// <c>Projection.Parse(user, "userName,emails.value", null).Includes(meta)</c> is false.
/// </summary>
public sealed class Projection
{
    private static readonly ConditionalWeakTable<ResourceType, KnownProjections> Known = [];

    private readonly HashSet<SchemaAttribute> included;

    internal Projection(ResourceType type, bool isDefault, HashSet<SchemaAttribute> included)
    {
        Type = type;
        IsDefault = isDefault;
        this.included = included;
        var common = type.CommonAttributes.Where(IsInDocument).Select(a => ProjectedNode.Of(a, included));
        var core = type.Schema.Attributes.Where(IsInDocument).Select(a => ProjectedNode.Of(a, included));
        var extensions = type.Extensions.Select(e => ProjectedNode.Of(e.Schema, included));
        Document = [.. common.Concat(core).Concat(extensions).OfType<ProjectedNode>()];
        Meta = Node(type.FindCore("meta")) is { } meta ? new MetaShape(meta) : null;
        Groups = Node(type.GroupsAttribute) is { } groups ? new RelationShape(groups) : null;
        Members = Node(type.MembersAttribute) is { } members ? new RelationShape(members) : null;
        CopiesDocument = type.CommonAttributes.Concat(type.Schema.Attributes).Where(IsInDocument).All(a => ProjectedNode.IsWhole(a, included))
            && type.Extensions.All(e => e.Schema.Attributes.All(a => ProjectedNode.IsWhole(a, included)));
    }

    /// <summary>The resource type that it was made for.</summary>
    public ResourceType Type { get; }

    /// <summary>True when the client asked for nothing in particular.</summary>
    public bool IsDefault { get; }

    /// <summary>True when nothing that a stored document can hold is left out: its bytes can be sent as they are.</summary>
    public bool CopiesDocument { get; }

    /// <summary>What is copied from the stored document.</summary>
    internal ProjectedNode[] Document { get; }

    internal MetaShape? Meta { get; }

    internal RelationShape? Groups { get; }

    internal RelationShape? Members { get; }

    /// <summary>The projection of a request that names no attributes.</summary>
    public static Projection Default(ResourceType type) => KnownOf(type).Default;

    /// <summary>Only what is always returned, for an answer whose body is not sent.</summary>
    public static Projection Minimal(ResourceType type) => KnownOf(type).Minimal;

    /// <summary>
    /// Reads the two parameters: comma-separated names in the notation of RFC 7644 §3.10, a whole schema's URN for all its
    /// attributes. A name that the type does not have selects nothing; a blank parameter is as good as none.
    /// </summary>
    /// <exception cref="ScimException">400 invalidValue when both are given: §3.9 makes them mutually exclusive.</exception>
    public static Projection Parse(ResourceType type, string? attributes, string? excludedAttributes) =>
        KnownOf(type).GetOrAdd(attributes ?? "", excludedAttributes ?? "");

    /// <summary>
    /// For the answer to a POST or PUT: also what is returned on request, since all of it was specified by the client (RFC 7643 §7);
    /// the same where the client named attributes.
    /// </summary>
    public Projection ForWritten() => IsDefault ? KnownOf(Type).Written : this;

    /// <summary>For the answer to a PATCH: also what is returned on request and was specified by the client.</summary>
    public Projection ForPatched(IReadOnlySet<SchemaAttribute> specified) =>
        IsDefault && KnownOf(Type).IsRequestedAny ? ProjectionBuilder.Written(Type, specified.Contains) : this;

    /// <summary>Whether an attribute or sub-attribute is part of the answer; the store need not read what is not.</summary>
    public bool Includes(SchemaAttribute attribute) => included.Contains(attribute);

    internal static Projection Read(ResourceType type, string attributes, string excludedAttributes)
    {
        var only = Names(attributes);
        var except = Names(excludedAttributes);
        if (only.Length > 0 && except.Length > 0)
        {
            throw ScimErrors.InvalidValue("\"attributes\" and \"excludedAttributes\" exclude each other (RFC 7644, 3.9): send one of them.");
        }

        return (only.Length, except.Length) switch
        {
            (0, 0) => Default(type),
            (_, 0) => ProjectionBuilder.Only(type, Resolve(type, only)),
            _ => ProjectionBuilder.Except(type, Resolve(type, except)),
        };
    }

    private static KnownProjections KnownOf(ResourceType type) => Known.GetValue(type, static t => new KnownProjections(t));

    private static string[] Names(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static List<ResolvedPath> Resolve(ResourceType type, string[] names) =>
        [.. names.Distinct(StringComparer.OrdinalIgnoreCase).Select(name => PathResolver.Resolve(type, name)).OfType<ResolvedPath>()];

    /// <summary>id and meta are key columns, memberships rows of their own.</summary>
    private bool IsInDocument(SchemaAttribute attribute) =>
        attribute.Relation == Relation.None && attribute != Type.FindCore("id") && attribute != Type.FindCore("meta");

    private ProjectedNode? Node(SchemaAttribute? attribute) => attribute is null ? null : ProjectedNode.Of(attribute, included);
}
