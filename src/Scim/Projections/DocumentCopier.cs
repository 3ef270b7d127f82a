using System.Text.Json;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Projections;

/// <summary>
/// One pass over a stored document that copies what a projection lets through, slice by slice, and puts in the computed
/// sub-attributes of the reference. Values are never decoded and encoded again. What would come out empty is left out.
/// </summary>
internal ref struct DocumentCopier
{
    private readonly ReadOnlySpan<byte> document;
    private readonly Utf8Buffer output;
    private readonly ResolvedReference? reference;
    private readonly ResourceAddress address;
    private Utf8JsonReader reader;

    private DocumentCopier(Resource resource, Utf8Buffer output, ResourceAddress address)
    {
        document = resource.Document.Span;
        reader = new Utf8JsonReader(document);
        reference = resource.Reference;
        this.output = output;
        this.address = address;
    }

    /// <summary>Writes the members of the document into the object that is open in <paramref name="output"/>.</summary>
    public static void Copy(Resource resource, Projection projection, Utf8Buffer output, ResourceAddress address)
    {
        var copier = new DocumentCopier(resource, output, address);
        copier.reader.Read();
        copier.CopyMembers(projection.Document, null);
    }

    /// <summary>Copies the members of the object that the reader has opened, up to and including its end.</summary>
    private void CopyMembers(ProjectedNode[] nodes, ProjectedNode? within)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Find(nodes) is { } node && !IsComputed(within, node))
            {
                reader.Read();
                CopyMember(node);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void CopyMember(ProjectedNode node)
    {
        var start = output.Length;
        output.Name(node.Quoted);
        if (!CopyValue(node))
        {
            output.Truncate(start);
        }
    }

    /// <returns>False when nothing came out.</returns>
    private bool CopyValue(ProjectedNode node)
    {
        if (reader.TokenType == JsonTokenType.StartArray && !node.Whole)
        {
            return CopyElements(node);
        }

        if (reader.TokenType == JsonTokenType.StartObject && (!node.Whole || HoldsReference(node)))
        {
            return CopyObject(node);
        }

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        output.Raw(document[start..(int)reader.BytesConsumed]);
        return true;
    }

    private bool CopyObject(ProjectedNode node)
    {
        output.Raw("{"u8);
        var start = output.Length;
        CopyMembers(node.Children, node);
        if (IsReference(node))
        {
            WriteComputed(node);
        }

        var any = output.Length > start;
        output.Raw("}"u8);
        return any;
    }

    private bool CopyElements(ProjectedNode node)
    {
        output.Raw("["u8);
        var start = output.Length;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var element = output.Length;
            output.Separate();
            if (!CopyValue(node))
            {
                output.Truncate(element);
            }
        }

        var any = output.Length > start;
        output.Raw("]"u8);
        return any;
    }

    private readonly ProjectedNode? Find(ProjectedNode[] nodes)
    {
        foreach (var node in nodes)
        {
            if (reader.ValueTextEquals(node.Name))
            {
                return node;
            }
        }

        return null;
    }

    private readonly bool IsReference(ProjectedNode node) => reference is not null && node.Attribute == reference.Path.Attribute;

    private readonly bool HoldsReference(ProjectedNode node) =>
        IsReference(node) || (reference is not null && node.Extension is not null && node.Extension == reference.Path.Extension);

    /// <summary>What is computed is not copied, even if it was once stored.</summary>
    private readonly bool IsComputed(ProjectedNode? within, ProjectedNode node) =>
        within is not null && IsReference(within) && (IsAddress(node) || IsDisplay(node));

    private readonly void WriteComputed(ProjectedNode within)
    {
        var target = reference!.Target;
        foreach (var node in within.Children)
        {
            if (IsAddress(node))
            {
                address.TryWrite(output, target.ResourceType, target.Id, node.Quoted);
            }
            else if (IsDisplay(node) && target.Display is not null)
            {
                output.Name(node.Quoted);
                output.Value(target.Display);
            }
        }
    }

    private static bool IsAddress(ProjectedNode node) => node.Attribute!.Type == AttributeType.Reference;

    /// <summary>The manager's displayName is readOnly (RFC 7643 §4.3): it is the target's.</summary>
    private static bool IsDisplay(ProjectedNode node) =>
        node.Attribute is { Type: AttributeType.String, Mutability: Mutability.ReadOnly };
}
