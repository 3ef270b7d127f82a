using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.PostgreSql;
using Scim.EntityFrameworkCore.Resources;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Sqlite;
using Scim.Resources;
using Scim.Schemas;
using Scim.Tests.Filters;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Filters;

/// <summary>
/// Users and groups, nested and in a cycle, in a database and as the JSON that a client is shown, which is what a filter is
/// about. A second tenant holds the same, so that a query that forgets its tenant finds too much.
/// </summary>
internal sealed class FilterWorld : IAsyncDisposable
{
    public static readonly SchemaRegistry Registry = SchemaRegistry.Create(new SchemaOptions());
    public static readonly ResourceType User = Registry.FindResourceType("User")!;
    public static readonly ResourceType Group = Registry.FindResourceType("Group")!;

    /// <summary>Group → members, by index; groups are 100 and up. 100 is in 101, 101 in 102, 102 in 101 again; 104 is empty.</summary>
    private static readonly (int Group, int Member)[] Memberships =
        [(100, 0), (100, 1), (101, 100), (101, 2), (102, 101), (101, 102), (103, 0), (103, 3), (103, 103)];

    private readonly DbContextOptions options;
    private readonly Func<ScimDbContext> open;

    private FilterWorld(DbContextOptions options, Func<ScimDbContext> open) => (this.options, this.open) = (options, open);

    /// <summary>Everything that tenant 1 is shown, by type and id.</summary>
    public Dictionary<ResourceType, Dictionary<Guid, JsonObject>> Shown { get; } = new() { [User] = [], [Group] = [] };

    public static async Task<FilterWorld> CreateAsync(Database database)
    {
        var world = database == Database.Sqlite ? await SqliteAsync() : await PostgreSqlAsync();
        await using (var context = world.Open(0))
        {
            await context.Database.MigrateAsync();
            context.Tenants.AddRange(Enumerable.Range(1, 2).Select(id => new TenantRow { Id = id, Name = $"t{id}", Created = DateTimeOffset.UnixEpoch }));
            await context.SaveChangesAsync();
        }

        await world.FillAsync(tenantId: 1);
        await world.FillAsync(tenantId: 2);
        return world;
    }

    public ScimDbContext Open(int tenantId)
    {
        var context = open();
        context.TenantId = tenantId;
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        await using var context = open();
        if (context is SqliteScimDbContext)
        {
            await context.Database.EnsureDeletedAsync();
        }

        GC.KeepAlive(options);
    }

    private static async Task<FilterWorld> PostgreSqlAsync()
    {
        var builder = new DbContextOptionsBuilder<PostgreSqlScimDbContext>();
        ScimEntityFrameworkCoreExtensions.UsePostgreSql(builder, await PostgreSqlServer.CreateDatabaseAsync());
        return new FilterWorld(builder.Options, () => new PostgreSqlScimDbContext(builder.Options));
    }

    private static Task<FilterWorld> SqliteAsync()
    {
        var builder = new DbContextOptionsBuilder<SqliteScimDbContext>();
        ScimEntityFrameworkCoreExtensions.UseSqlite(builder, $"Data Source={Path.GetTempFileName()};Pooling=False");
        return Task.FromResult(new FilterWorld(builder.Options, () =>
        {
            var context = new SqliteScimDbContext(builder.Options);
            context.Database.OpenConnection();
            SqliteScimFunctions.Register((Microsoft.Data.Sqlite.SqliteConnection)context.Database.GetDbConnection(), Registry);
            return context;
        }));
    }

    private async Task FillAsync(int tenantId)
    {
        await using var context = Open(tenantId);
        var documents = FilterGenerators.Document(User).Array[16].Single(_ => true, "0N0XIzNsQ0O2");
        var rows = documents.Select((document, i) => (Index: i, Row: UserRow(tenantId, i, document)))
            .Concat(Enumerable.Range(100, 5).Select(i => (Index: i, Row: GroupRow(tenantId, i))))
            .ToDictionary(pair => pair.Index, pair => pair.Row);
        context.Resources.AddRange(rows.Values);
        context.Memberships.AddRange(Memberships.Select(pair =>
            new MembershipRow { TenantId = tenantId, GroupId = rows[pair.Group].Id, MemberId = rows[pair.Member].Id }));
        await context.SaveChangesAsync();
        if (tenantId == 1)
        {
            foreach (var (index, row) in rows)
            {
                Shown[row.Type == User.Name ? User : Group][row.Id] = Show(index, row, rows);
            }
        }
    }

    private static ResourceRow UserRow(int tenantId, int index, JsonObject document)
    {
        document = document.DeepClone().AsObject();
        document.Remove("groups");
        document.Remove("password");
        document["userName"] = $"{document["userName"]}{index}";
        if (index % 3 > 0)
        {
            document["externalId"] = index % 2 == 0 ? $"Ext%{index}" : "é\\_🙂";
        }

        SetManager(document, tenantId, index);
        return Row(tenantId, index, new ResourceDocument(User, document));
    }

    /// <summary>A user, a group, which can be nobody's manager, a user of the other tenant, or whatever the document says.</summary>
    private static void SetManager(JsonObject document, int tenantId, int index)
    {
        var extension = User.Extensions[0].Schema.Id;
        if ((document[extension] ??= new JsonObject())["manager"] is JsonObject given)
        {
            given.Remove("$ref");
            given.Remove("displayName");
        }

        Guid? manager = (index % 4) switch
        {
            1 or 2 => Id(tenantId, (index + 1) % 16),
            3 => index % 8 == 3 ? Id(tenantId, 100) : Id(3 - tenantId, 0),
            _ => null,
        };
        if (manager is { } id)
        {
            document[extension]!["manager"] = new JsonObject { ["value"] = id.ToString() };
        }

        if (document[extension]!["manager"] is JsonObject { Count: 0 })
        {
            document[extension]!.AsObject().Remove("manager");
        }

        if (document[extension]!.AsObject().Count == 0)
        {
            document.Remove(extension);
        }
    }

    private static ResourceRow GroupRow(int tenantId, int index) =>
        Row(tenantId, index, new ResourceDocument(Group, new JsonObject { ["displayName"] = $"Group É{index}" }));

    private static ResourceRow Row(int tenantId, int index, ResourceDocument document)
    {
        var created = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(500 * (index % 4));
        var row = new ResourceRow
        {
            TenantId = tenantId,
            Id = Id(tenantId, index),
            Type = document.Type.Name,
            Created = created,
            LastModified = created.AddDays(index % 3),
            Version = 1 + (index % 2),
            Document = document.ToUtf8(),
            Search = SearchDocument.Build(document, tenantId),
        };
        ResourceKeys.Fill(row, document, new ScimLimits());
        return row;
    }

    private static Guid Id(int tenantId, int index)
    {
        var id = new byte[16];
        new Random(index + (1_000 * tenantId)).NextBytes(id);
        return new Guid(id);
    }

    private static JsonObject Show(int index, ResourceRow row, Dictionary<int, ResourceRow> rows)
    {
        var shown = JsonNode.Parse(row.Document)!.AsObject();
        shown["id"] = row.Id.ToString();
        shown["meta"] = new JsonObject
        {
            ["resourceType"] = row.Type,
            ["created"] = Time(row.Created),
            ["lastModified"] = Time(row.LastModified),
            ["version"] = ETag.Format(row.Version),
            ["location"] = Location(row),
        };
        if (row.Type == User.Name)
        {
            ShowManager(shown, row, rows);
            AddIfAny(shown, "groups", GroupsOf(index).Select(pair => Reference(rows[pair.Group], pair.Direct ? "direct" : "indirect")));
        }
        else
        {
            AddIfAny(shown, "members", Memberships.Where(pair => pair.Group == index).Select(pair => Reference(rows[pair.Member], rows[pair.Member].Type)));
        }

        return shown;
    }

    private static void ShowManager(JsonObject shown, ResourceRow row, Dictionary<int, ResourceRow> rows)
    {
        if (rows.Values.FirstOrDefault(other => other.Id == row.ReferenceId && other.Type == User.Name) is { } manager)
        {
            var element = shown[User.Extensions[0].Schema.Id]!["manager"]!;
            (element["displayName"], element["$ref"]) = (manager.Display, Location(manager));
        }
    }

    private static IEnumerable<(int Group, bool Direct)> GroupsOf(int member)
    {
        var direct = Memberships.Where(pair => pair.Member == member).Select(pair => pair.Group).ToHashSet();
        var all = direct.ToHashSet();
        while (all.Concat(Memberships.Where(pair => all.Contains(pair.Member)).Select(pair => pair.Group)).Except(all).ToArray() is { Length: > 0 } more)
        {
            all.UnionWith(more);
        }

        return all.Select(group => (group, direct.Contains(group)));
    }

    private static void AddIfAny(JsonObject shown, string name, IEnumerable<JsonObject> elements)
    {
        var array = new JsonArray([.. elements]);
        if (array.Count > 0)
        {
            shown[name] = array;
        }
    }

    private static JsonObject Reference(ResourceRow row, string type)
    {
        var reference = new JsonObject { ["value"] = row.Id.ToString(), ["$ref"] = Location(row), ["type"] = type };
        if (row.Display is { } display)
        {
            reference["display"] = display;
        }

        return reference;
    }

    private static string Location(ResourceRow row) => $"https://scim.example/scim/v2/{row.Type}s/{row.Id}";

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
