using Scim.EntityFrameworkCore.Rows;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>Turns rows into what is sent.</summary>
internal static class StoredResources
{
    public static Resource ToResource(this ResourceRow row, ResourceType type) =>
        new(type, row.Id, new Meta(type.Name, row.Created, row.LastModified, row.Version), row.Document);

    public static ResourceDocument ToDocument(this ResourceRow row, ResourceType type) => ResourceDocument.Parse(type, row.Document);
}
