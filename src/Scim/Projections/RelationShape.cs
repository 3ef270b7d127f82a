namespace Scim.Projections;

/// <summary>How one element of <c>members</c> or <c>groups</c> is sent: the sub-attributes of RFC 7643 §2.4 that the projection lets through.</summary>
internal sealed class RelationShape
{
    private readonly byte[] quoted;
    private readonly byte[]? value;
    private readonly byte[]? reference;
    private readonly byte[]? display;
    private readonly byte[]? type;

    public RelationShape(ProjectedNode node)
    {
        quoted = node.Quoted;
        value = node.Child("value")?.Quoted;
        reference = node.Child("$ref")?.Quoted;
        display = node.Child("display")?.Quoted;
        type = node.Child("type")?.Quoted;
    }

    /// <summary>Opens the array.</summary>
    public void Begin(Utf8Buffer output)
    {
        output.Name(quoted);
        output.Raw("["u8);
    }

    /// <summary>Writes one element, unless nothing of it is let through.</summary>
    public bool Write(Utf8Buffer output, ResourceAddress address, RelationElement element)
    {
        var start = output.Length;
        output.Separate();
        output.Raw("{"u8);
        var inside = output.Length;
        if (value is not null)
        {
            output.Name(value);
            output.Value(element.Id);
        }

        if (reference is not null)
        {
            address.TryWrite(output, element.ResourceType, element.Id, reference);
        }

        output.Text(display, element.Display);
        output.Text(type, element.Label);
        if (output.Length == inside)
        {
            output.Truncate(start);
            return false;
        }

        output.Raw("}"u8);
        return true;
    }
}

/// <summary>A member or a group as it is sent.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ResourceType">The name of its type, for its address.</param>
/// <param name="Display">Its name for people.</param>
/// <param name="Label">The <c>type</c>: of a member its resource type, of a group "direct" or "indirect" (RFC 7643 §4.1.2, §4.2).</param>
internal readonly record struct RelationElement(Guid Id, string ResourceType, string? Display, string Label);
