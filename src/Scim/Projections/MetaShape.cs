using Scim.Resources;

namespace Scim.Projections;

/// <summary>How <c>meta</c> is sent (RFC 7643 §3.1): the sub-attributes that the projection lets through.</summary>
internal sealed class MetaShape
{
    private readonly byte[] quoted;
    private readonly byte[]? resourceType;
    private readonly byte[]? created;
    private readonly byte[]? lastModified;
    private readonly byte[]? version;
    private readonly byte[]? location;

    public MetaShape(ProjectedNode node)
    {
        quoted = node.Quoted;
        resourceType = node.Child("resourceType")?.Quoted;
        created = node.Child("created")?.Quoted;
        lastModified = node.Child("lastModified")?.Quoted;
        version = node.Child("version")?.Quoted;
        location = node.Child("location")?.Quoted;
    }

    public void Write(Utf8Buffer output, ResourceAddress address, Resource resource)
    {
        output.Name(quoted);
        output.Raw("{"u8);
        output.Text(resourceType, resource.Meta.ResourceType);
        output.Time(created, resource.Meta.Created);
        output.Time(lastModified, resource.Meta.LastModified);
        output.Text(version, resource.Meta.ETag);
        if (location is not null)
        {
            address.TryWrite(output, resource.Meta.ResourceType, resource.Id, location);
        }

        output.Raw("}"u8);
    }
}
