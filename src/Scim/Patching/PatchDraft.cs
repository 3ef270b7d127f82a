using System.Text.Json.Nodes;
using Scim.Json;
using Scim.Paths;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>The state between two operations of a PATCH: a copy of the document, and what goes elsewhere.</summary>
internal sealed class PatchDraft(PatchRequest request, ResourceDocument current)
{
    public ResourceDocument Document { get; } = current.Clone();

    public ResourceType Type => Document.Type;

    public ScimLimits Limits => request.Limits;

    public bool CreateMissingElements => request.CreateMissingElements;

    public ReferenceAddresses References => request.References;

    public PatchNotes Notes => request.Notes;

    public MembershipSteps Members { get; } = new(request.Limits.MaxMembersPerRequest);

    public string? Password { get; private set; }

    public bool PasswordRemoved { get; private set; }

    /// <summary>The index of the operation that last changed the type's unique attribute.</summary>
    public int? UniqueOperation { get; set; }

    public string? UniqueValue => Type.UniqueAttribute is { } unique ? JsonText.AsString(Document[unique]) : null;

    /// <summary>The object that holds the attribute, or null when its extension has no data.</summary>
    public JsonObject? FindOwner(ResolvedPath path) =>
        path.Extension is null ? Document.Root : Document.Root[path.Extension.Id] as JsonObject;

    /// <summary>The value of the attribute that the path names or belongs to, or null.</summary>
    public JsonNode? Find(ResolvedPath path) => FindOwner(path)?[path.Attribute!.Name];

    /// <summary>Sets the attribute that the path names or belongs to; null and what is empty unassigns it (RFC 7643 §2.5).</summary>
    public void Set(ResolvedPath path, SchemaAttribute attribute, JsonNode? value)
    {
        if (attribute.Returned == Returned.Never)
        {
            SetSecret(attribute, value);
        }
        else if (value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 })
        {
            Unassign(path, attribute);
        }
        else
        {
            OwnerForWrite(path)[attribute.Name] = value;
        }
    }

    /// <summary>Removes all data of an extension.</summary>
    public void RemoveExtension(Schema extension) => Document.Root.Remove(extension.Id);

    /// <summary>What is never returned is in no document; only the password has another place.</summary>
    private void SetSecret(SchemaAttribute attribute, JsonNode? value)
    {
        if (attribute == Type.PasswordAttribute)
        {
            Password = JsonText.AsString(value);
            PasswordRemoved = value is null;
        }
    }

    private void Unassign(ResolvedPath path, SchemaAttribute attribute)
    {
        if (FindOwner(path) is not { } owner)
        {
            return;
        }

        owner.Remove(attribute.Name);
        if (owner.Count == 0 && path.Extension is { } extension)
        {
            RemoveExtension(extension);
        }
    }

    private JsonObject OwnerForWrite(ResolvedPath path)
    {
        if (FindOwner(path) is { } owner)
        {
            return owner;
        }

        var added = new JsonObject();
        Document.Root[path.Extension!.Id] = added;
        return added;
    }
}
