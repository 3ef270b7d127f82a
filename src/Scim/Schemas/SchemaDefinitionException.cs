namespace Scim.Schemas;

/// <summary>Definitions of schemas or resource types cannot be served. The message names each fault by file and JSON pointer.</summary>
public sealed class SchemaDefinitionException : Exception
{
    /// <summary>All that is wrong, in the order of the files.</summary>
    public SchemaDefinitionException(IReadOnlyList<string> faults)
        : base(string.Join(Environment.NewLine, faults)) => Faults = faults;

    /// <summary>One sentence for each fault, for example <c>devices.json#/attributes/3/type: "strng" is not a type…</c></summary>
    public IReadOnlyList<string> Faults { get; }
}
