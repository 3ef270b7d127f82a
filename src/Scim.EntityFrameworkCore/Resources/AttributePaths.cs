using System.Text.Json.Nodes;
using Scim.Resources;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>The paths of attributes for change records.</summary>
internal static class AttributePaths
{
    /// <summary>The attributes that a new resource has.</summary>
    public static List<string> Of(ResourceInput input)
    {
        var paths = Changed(new ResourceDocument(input.Document.Type, []), input.Document);
        if (input.Password is not null)
        {
            paths.Add(input.Document.Type.PasswordAttribute!.Name);
        }

        return paths;
    }

    /// <summary>The attributes in which two documents differ; sub-attributes of single complex attributes by themselves.</summary>
    public static List<string> Changed(ResourceDocument before, ResourceDocument after)
    {
        var paths = new List<string>();
        foreach (var name in Names(before.Root, after.Root))
        {
            if (after.Type.FindExtension(name) is { } extension)
            {
                AddChanged(paths, extension.Id + ":", before.Root[name] as JsonObject ?? [], after.Root[name] as JsonObject ?? []);
            }
            else
            {
                AddChanged(paths, "", name, before.Root[name], after.Root[name]);
            }
        }

        return paths;
    }

    private static void AddChanged(List<string> paths, string prefix, JsonObject before, JsonObject after)
    {
        foreach (var name in Names(before, after))
        {
            AddChanged(paths, prefix, name, before[name], after[name]);
        }
    }

    private static void AddChanged(List<string> paths, string prefix, string name, JsonNode? before, JsonNode? after)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return;
        }

        if (before is JsonObject or null && after is JsonObject or null && (before is JsonObject || after is JsonObject))
        {
            AddChanged(paths, $"{prefix}{name}.", before as JsonObject ?? [], after as JsonObject ?? []);
        }
        else
        {
            paths.Add(prefix + name);
        }
    }

    private static IEnumerable<string> Names(JsonObject before, JsonObject after) =>
        before.Select(member => member.Key).Union(after.Select(member => member.Key));
}
