using System.Text.Json.Nodes;
using Scim.EntityFrameworkCore.Rows;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Races;

/// <summary>
/// What the change log says a tenant looks like: built from nothing but its rows, in their order. Each row is checked against
/// the state before it: the version is the next, what it says was there was there, who came was no member, who left was one.
/// </summary>
internal sealed class ReplayedState
{
    private readonly Dictionary<Guid, ReplayedResource> resources = [];
    private readonly Dictionary<(Guid Txn, Guid Member), HashSet<Guid>> left = [];

    /// <summary>The resources that there are.</summary>
    public IReadOnlyDictionary<Guid, ReplayedResource> Resources => resources;

    /// <summary>How many versions were made.</summary>
    public int Versions { get; private set; }

    public static ReplayedState Of(IEnumerable<ChangeRow> changes)
    {
        var state = new ReplayedState();
        foreach (var change in changes)
        {
            state.Apply(change);
        }

        return state;
    }

    private void Apply(ChangeRow change)
    {
        var delta = JsonNode.Parse(change.Delta)!;
        if (change is { Kind: "create", Part: 0 })
        {
            var document = delta["document"]!.DeepClone().AsObject();
            document.Remove("schemas");
            Assert.True(resources.TryAdd(change.ResourceId, new ReplayedResource(change.ResourceType, document)), "created twice");
        }

        var resource = resources[change.ResourceId];
        if (change.Part == 0)
        {
            Assert.Equal(resource.Version + 1, change.Version);
            resource.Version = change.Version;
            Versions++;
        }

        Assert.Equal(resource.Version, change.Version);
        foreach (var operation in delta["operations"]?.AsArray() ?? [])
        {
            resource.Apply(operation!, member => Left((change.Txn, member), change.ResourceId));
        }

        if (change.Kind == "delete")
        {
            Delete(change, delta);
        }
    }

    private void Left((Guid Txn, Guid Member) key, Guid group)
    {
        if (!left.TryGetValue(key, out var groups))
        {
            left[key] = groups = [];
        }

        groups.Add(group);
    }

    private void Delete(ChangeRow change, JsonNode delta)
    {
        var resource = resources[change.ResourceId];
        var previous = delta["previous"]!.DeepClone().AsObject();
        previous.Remove("schemas");
        JsonAssert.Equal(previous, resource.Document);
        Assert.Equal(
            left.GetValueOrDefault((change.Txn, change.ResourceId), []).Order(),
            (delta["groups"]?.AsArray() ?? []).Select(group => Guid.Parse((string)group!["value"]!)).Order());
        Assert.DoesNotContain(resources.Values, other => other.Members.Contains(change.ResourceId));
        resources.Remove(change.ResourceId);
    }
}

/// <summary>One resource of a <see cref="ReplayedState"/>.</summary>
internal sealed class ReplayedResource(string type, JsonObject document)
{
    public string Type { get; } = type;

    public JsonObject Document { get; } = document;

    public HashSet<Guid> Members { get; } = [];

    public long Version { get; set; }

    public void Apply(JsonNode operation, Action<Guid> left)
    {
        var (op, path) = ((string)operation["op"]!, (string)operation["path"]!);
        if (path == "members")
        {
            foreach (var member in operation["value"]!.AsArray().Select(member => Guid.Parse((string)member!["value"]!)))
            {
                Assert.True(op == "add" ? Members.Add(member) : Members.Remove(member), $"{op} of {member} changed nothing");
                if (op == "remove")
                {
                    left(member);
                }
            }

            return;
        }

        // The names of an attribute hold neither a colon nor a dot; the URN before them holds both.
        var colon = path.LastIndexOf(':');
        string[] steps = [.. colon < 0 ? Array.Empty<string>() : [path[..colon]], .. path[(colon + 1)..].Split('.')];
        Set(Document, steps, operation["previous"], op == "remove" ? null : operation["value"]);
    }

    private static void Set(JsonObject owner, ReadOnlySpan<string> steps, JsonNode? previous, JsonNode? value)
    {
        if (steps.Length > 1)
        {
            var inner = owner[steps[0]] as JsonObject ?? [];
            owner[steps[0]] = inner.Parent is null ? inner : inner.DeepClone();
            Set(owner[steps[0]]!.AsObject(), steps[1..], previous, value);
            if (owner[steps[0]]!.AsObject().Count == 0)
            {
                owner.Remove(steps[0]);
            }

            return;
        }

        JsonAssert.Equal(previous, owner[steps[0]]);
        owner.Remove(steps[0]);
        if (value is not null)
        {
            owner[steps[0]] = value.DeepClone();
        }
    }
}
