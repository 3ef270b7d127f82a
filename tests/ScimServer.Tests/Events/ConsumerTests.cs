using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.Races;

namespace ScimServer.Tests.Events;

/// <summary>A product that begins while others write: it takes a cursor, reads everything, and follows from the cursor.</summary>
public sealed class ConsumerTests
{
    [SkippableTheory]
    [EachDatabase]
    public async Task A_consumer_that_begins_and_follows_during_writes_ends_with_the_state_of_the_server(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var users = await scim.CreateUserIdsAsync(3);
        var groups = new[] { await scim.CreateGroupIdAsync("A", users), await scim.CreateGroupIdAsync("B"), await scim.CreateGroupIdAsync("C") };
        var events = await EventsClient.OfAsync(scim);
        var copy = new Copy();

        var writing = Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            var client = new RandomClient(scim, users, groups, seed: 1000 + i);
            for (var action = 0; action < 12; action++)
            {
                (await client.ActAsync()).ToList().ForEach(answer => answer.Expect(200, 201, 204, 409, 412));
            }
        }));
        var cursor = await events.CursorAsync();
        await copy.BootstrapAsync(scim);
        while (!writing.IsCompleted)
        {
            cursor = await FollowAsync(events, copy, cursor, "&wait=1");
        }

        await writing;
        await FollowAsync(events, copy, cursor, "");

        var state = new Copy();
        await state.BootstrapAsync(scim);
        Assert.Equal(state.Resources.Keys.Order(), copy.Resources.Keys.Order());
        foreach (var (id, (version, document, members)) in state.Resources)
        {
            var copied = copy.Resources[id];
            Assert.Equal(version, copied.Version);
            Assert.Equal(members.Order(), copied.Members.Order());
            JsonAssert.Equal(document, copied.Document);
        }
    }

    private static async Task<string> FollowAsync(EventsClient events, Copy copy, string cursor, string more)
    {
        var (found, next) = await events.ReadAllAsync(cursor, more);
        found.ForEach(copy.Apply);
        return next;
    }

    /// <summary>What the consumer knows.</summary>
    private sealed class Copy
    {
        private static readonly string[] Computed = ["schemas", "id", "meta", "groups", "members"];

        public Dictionary<string, (long Version, JsonObject Document, HashSet<string> Members)> Resources { get; } = [];

        public async Task BootstrapAsync(ScimClient scim)
        {
            foreach (var type in new[] { "/Users", "/Groups" })
            {
                var cursor = "";
                do
                {
                    var page = (await scim.GetAsync($"{type}?count=2&cursor={cursor}")).Expect(200);
                    foreach (var resource in page.Resources.Select(resource => resource!.DeepClone().AsObject()))
                    {
                        var members = (resource["members"]?.AsArray() ?? []).Select(member => (string)member!["value"]!).ToHashSet();
                        var version = long.Parse(((string)resource["meta"]!["version"]!)[3..^1], System.Globalization.CultureInfo.InvariantCulture);
                        Resources[(string)resource["id"]!] = (version, WithoutComputed(resource), members);
                    }

                    cursor = (string?)page.Object["nextCursor"];
                }
                while (cursor is not null);
            }
        }

        /// <summary>What is older than what was read is in it already; what is not known was deleted before it was read.</summary>
        public void Apply(JsonObject found)
        {
            var (data, id) = (found["data"]!, (string)found["data"]!["id"]!);
            var (version, change) = ((long)data["version"]!, data["change"]!);
            switch ((string)found["type"]!)
            {
                case "user.created" or "group.created" when !Resources.ContainsKey(id):
                    Resources[id] = (0, WithoutComputed(change["document"]!.DeepClone().AsObject()), []);
                    break;
                case "user.deleted" or "group.deleted":
                    Resources.Remove(id);
                    return;
            }

            if (Resources.TryGetValue(id, out var known) && version > known.Version)
            {
                foreach (var operation in change["operations"]?.AsArray() ?? [])
                {
                    Apply(known.Document, known.Members, operation!);
                }

                Resources[id] = known with { Version = version };
            }
        }

        /// <summary>Members are a set: those of a page can be newer than the version beside them.</summary>
        private static void Apply(JsonObject document, HashSet<string> members, JsonNode operation)
        {
            if ((string)operation["path"]! != "members")
            {
                new ReplayedResource("", document).Apply(operation, _ => { });
                return;
            }

            foreach (var member in operation["value"]!.AsArray().Select(member => (string)member!["value"]!))
            {
                _ = (string)operation["op"]! == "add" ? members.Add(member) : members.Remove(member);
            }
        }

        private static JsonObject WithoutComputed(JsonObject resource)
        {
            foreach (var name in Computed)
            {
                resource.Remove(name);
            }

            if (resource[ScimClient.Enterprise]?["manager"] is JsonObject manager)
            {
                manager.Remove("$ref");
                manager.Remove("displayName");
            }

            return resource;
        }
    }
}
