using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Scim.Schemas;

/// <summary>What a schema that is added must keep, by the RFC or because the server could not do what it says.</summary>
internal sealed partial class SchemaRules
{
    private readonly HashSet<string> resourceTypes;

    /// <param name="resourceTypes">The names of all resource types, which references may name.</param>
    public SchemaRules(IEnumerable<string> resourceTypes) => this.resourceTypes = new HashSet<string>(resourceTypes, StringComparer.Ordinal);

    /// <summary>Notes each rule that a schema breaks.</summary>
    public void Check(SchemaDefinition definition)
    {
        var (schema, source, attributes) = definition;
        if (schema.Id.Length > 0 && !Urn().IsMatch(schema.Id))
        {
            source.Fault("id", $"\"{schema.Id}\" is not a URN such as urn:example:scim:schemas:1.0:Device (RFC 8141).");
        }

        if (schema.Attributes.Length == 0)
        {
            source.Fault(source.Has("attributes") ? "attributes" : null, "a schema has at least one attribute.");
        }

        foreach (var (attribute, place) in attributes)
        {
            CheckName(attribute, place, attribute.Parent?.SubAttributes ?? schema.Attributes);
            CheckType(attribute, place);
            CheckCharacteristics(attribute, place);
            CheckReferenceTypes(attribute, place);
        }
    }

    /// <summary>RFC 7643 §2.1; <c>$ref</c> (§2.4) is the one name that it does not fit.</summary>
    private static void CheckName(SchemaAttribute attribute, DefinitionObject place, ImmutableArray<SchemaAttribute> siblings)
    {
        var isReference = attribute is { Name: "$ref", Parent: not null };
        if (attribute.Name.Length > 0 && !isReference && !Name().IsMatch(attribute.Name))
        {
            place.Fault("name", $"\"{attribute.Name}\" is not an attribute name: a letter, then letters, digits, \"-\", \"_\" and \"$\" (RFC 7643 §2.1).");
        }

        if (attribute.Name.Length > 0 && SchemaAttribute.Find(siblings, attribute.Name) != attribute)
        {
            place.Fault("name", $"\"{attribute.Name}\" is there already; upper and lower case make no other name.");
        }
    }

    private static void CheckType(SchemaAttribute attribute, DefinitionObject place)
    {
        if (attribute is { Type: AttributeType.Complex, Parent: not null })
        {
            place.Fault("type", "a sub-attribute cannot be complex (RFC 7643 §2.3.8).");
        }
        else if (attribute.Type == AttributeType.Complex && attribute.SubAttributes.Length == 0)
        {
            place.Fault(place.Has("subAttributes") ? "subAttributes" : null, "a complex attribute has at least one sub-attribute in \"subAttributes\".");
        }
        else if (attribute.Type != AttributeType.Complex && place.Has("subAttributes"))
        {
            place.Fault("subAttributes", $"only complex attributes have sub-attributes; the type here is {DefinitionObject.WordOf(attribute.Type)}.");
        }

        if (attribute.CanonicalValues.Count > 0 && attribute.Type is not (AttributeType.String or AttributeType.Reference))
        {
            place.Fault("canonicalValues", $"are for strings; the type here is {DefinitionObject.WordOf(attribute.Type)}.");
        }
    }

    private static void CheckCharacteristics(SchemaAttribute attribute, DefinitionObject place)
    {
        if (attribute.Mutability == Mutability.WriteOnly)
        {
            place.Fault("mutability", "writeOnly is for secrets, and this server keeps no secret but a user's password.");
        }
        else if (attribute.Returned == Returned.Never)
        {
            place.Fault("returned", "never is for secrets, and this server keeps no secret but a user's password.");
        }

        if (attribute is { Required: true, Mutability: Mutability.ReadOnly })
        {
            place.Fault("required", "an attribute that clients cannot write (readOnly) cannot be required of them.");
        }

        if (attribute.Uniqueness != Uniqueness.None && attribute is not { Type: AttributeType.String, MultiValued: false, Parent: null })
        {
            place.Fault("uniqueness", "only a single string that is no sub-attribute can be unique.");
        }
    }

    private void CheckReferenceTypes(SchemaAttribute attribute, DefinitionObject place)
    {
        if (attribute.Type != AttributeType.Reference)
        {
            if (place.Has("referenceTypes"))
            {
                place.Fault("referenceTypes", $"are for references; the type here is {DefinitionObject.WordOf(attribute.Type)}.");
            }

            return;
        }

        foreach (var (name, index) in attribute.ReferenceTypes.Select((name, index) => (name, index)))
        {
            if (name is not (SchemaAttribute.ExternalReference or SchemaAttribute.UriReference) && !resourceTypes.Contains(name))
            {
                place.Fault("referenceTypes", index, $"\"{name}\" is neither a resource type of this server nor \"external\" nor \"uri\".");
            }
        }
    }

    [GeneratedRegex(@"^urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[a-z0-9._~!$&'()*+,;=:@%/-]+\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Urn();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_$-]*\z")]
    private static partial Regex Name();
}
