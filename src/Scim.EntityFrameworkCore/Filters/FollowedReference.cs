using Scim.EntityFrameworkCore.Resources;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>
/// What is computed of the one reference of a type that is followed (a user's manager): the name and the address of the resource that it
/// names. It is in no document, and there is none where no such resource exists.
/// </summary>
internal static class FollowedReference
{
    /// <summary>Whether the path names something that is computed, <c>manager.displayName</c>.</summary>
    public static bool Computes(ResourceType type, BoundPath path) =>
        path.SubAttribute is { } sub && IsComputed(sub) && IsFollowed(type, path.Attribute);

    /// <summary>Whether a filter in brackets asks for something that is computed, <c>manager[displayName eq "Ann"]</c>.</summary>
    public static bool Computes(ResourceType type, BoundFilter.Elements elements) =>
        IsFollowed(type, elements.Path.Attribute) && AsksForComputed(elements.Inner);

    /// <summary>Whether the sub-attribute is the address of the resource; else it is its name.</summary>
    public static bool IsAddress(SchemaAttribute sub) => sub.Type == AttributeType.Reference;

    private static bool IsComputed(SchemaAttribute sub) =>
        IsAddress(sub) || sub is { Type: AttributeType.String, Mutability: Mutability.ReadOnly };

    private static bool IsFollowed(ResourceType type, SchemaAttribute attribute) =>
        attribute.IsResourceReference && ResourceKeys.ReferenceAttribute(type)?.Attribute == attribute;

    private static bool AsksForComputed(BoundFilter inner) => inner switch
    {
        BoundFilter.And and => AsksForComputed(and.Left) || AsksForComputed(and.Right),
        BoundFilter.Or or => AsksForComputed(or.Left) || AsksForComputed(or.Right),
        BoundFilter.Not not => AsksForComputed(not.Inner),
        BoundFilter.Comparison comparison => IsComputed(comparison.Path.Attribute),
        BoundFilter.Present present => IsComputed(present.Path.Attribute),
        _ => false,
    };
}
