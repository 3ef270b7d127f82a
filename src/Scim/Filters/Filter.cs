using Scim.Errors;
using Scim.Schemas;

namespace Scim.Filters;

/// <summary>
/// A filter as it was written (RFC 7644 §3.4.2.2), not yet tied to a schema. Attribute names are checked by
/// <see cref="Bind(ResourceType)"/>, so that one filter can be bound to several resource types.
/// </summary>
/// <example><code>Filter.Parse("userName sw \"J\" and active eq true", new ScimLimits()).Bind(userType)</code></example>
public abstract partial record Filter
{
    private Filter()
    {
    }

    /// <summary>Reads a filter, or throws invalidFilter with the character (from 1) and what was expected there.</summary>
    public static Filter Parse(string text, ScimLimits limits) => FilterParser.ParseFilter(text, limits);

    /// <summary>Reads a filter, or says what is wrong with it.</summary>
    public static bool TryParse(string text, ScimLimits limits, out Filter? filter, out string? problem)
    {
        try
        {
            (filter, problem) = (Parse(text, limits), null);
            return true;
        }
        catch (ScimException refused)
        {
            (filter, problem) = (null, refused.Error.Detail);
            return false;
        }
    }

    /// <summary>Finds the attributes in the type's schemas and checks operators and values against them; throws invalidFilter.</summary>
    public BoundFilter Bind(ResourceType type) => FilterBinder.Bind(this, type);

    /// <summary>
    /// Binds the filter to several types. A type without an attribute is taken as one whose resources have no value for it
    /// (RFC 7644 §3.4.2.1), also where no type has it; types of which no resource can match are left out.
    /// </summary>
    public IReadOnlyList<TypeFilter> Bind(IReadOnlyList<ResourceType> types) => TypesBinder.Bind(this, types);

    /// <summary>Binds the filter of a value path: its names are those of an element of the attribute in front of the bracket (<see cref="SchemaAttribute.FindInElement"/>).</summary>
    public BoundFilter Bind(SchemaAttribute elements) => FilterBinder.Bind(this, elements);

    /// <summary>Prints the filter; parsing the text again gives an equal filter.</summary>
    public sealed override string ToString() => FilterPrinter.Print(this);
}
