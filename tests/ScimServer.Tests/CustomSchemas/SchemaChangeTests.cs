using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>What becomes of stored resources when the definitions are others at the next start.</summary>
public sealed class SchemaChangeTests
{
    private const string Badge = CustomServer.Badge;

    /// <summary>Whoever is there already must be able to be disabled, whatever has become required since.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_resource_from_before_an_extension_was_required_can_be_patched_but_not_replaced_without_it(Database database)
    {
        var connection = await ConnectionAsync(database);
        var before = await TestServers.NewTenantAsync(await ScimServerFactory.StartAsync(database, connection));
        var path = $"/Users/{await before.CreateUserIdAsync("ada")}";
        using var folder = new DefinitionFolder(required: true);
        var after = new ScimClient(await ScimServerFactory.StartAsync(database, connection, folder.Setting), before.Tenant, before.Token);

        JsonAssert.Has("""{"active":false}""", (await after.PatchAsync(path, """{"op":"replace","path":"active","value":false}""")).Expect(200).Object);
        (await after.PutAsync(path, """{"userName":"ada"}""")).ExpectError(400, "invalidValue");
        (await after.PatchAsync(path, $$"""{"op":"add","path":"{{Badge}}:number","value":1}""")).ExpectError(400, "invalidValue");
        (await after.PatchAsync(path, $$$"""{"op":"add","path":"{{{Badge}}}","value":{"number":1,"site":"Basel"}}""")).Expect(200);
        (await after.PatchAsync(path, $$"""{"op":"remove","path":"{{Badge}}"}""")).ExpectError(400, "mutability");
        (await after.PostAsync("/Users", """{"userName":"new"}""")).ExpectError(400, "invalidValue");
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_resource_with_data_of_a_schema_that_is_gone_can_be_read_changed_and_deleted(Database database)
    {
        var connection = await ConnectionAsync(database);
        using var folder = new DefinitionFolder(required: false);
        var before = await TestServers.NewTenantAsync(await ScimServerFactory.StartAsync(database, connection, folder.Setting));
        var path = $"/Users/{await before.CreateUserIdAsync("ada", $$""" "{{Badge}}":{"number":1,"site":"Basel"} """)}";
        var after = new ScimClient(await ScimServerFactory.StartAsync(database, connection), before.Tenant, before.Token);

        (await after.GetAsync(path)).Expect(200);
        JsonAssert.Has("""{"title":"T"}""", (await after.PatchAsync(path, """{"op":"add","path":"title","value":"T"}""")).Expect(200).Object);
        Assert.Single((await after.FindAsync("/Users", "title eq \"T\"")).Expect(200).Ids);
        JsonAssert.Has($$"""{"{{Badge}}":{"number":1,"site":"Basel"} }""", (await before.GetAsync(path)).Expect(200).Object);
        (await after.PutAsync(path, """{"userName":"ada"}""")).Expect(200);
        (await after.DeleteAsync(path)).Expect(204);
    }

    /// <summary>The connection string of a new database, which several servers use one after the other.</summary>
    private static async Task<(string, string?)> ConnectionAsync(Database database)
    {
        const string Key = "ConnectionStrings:ScimServer";
        if (database == Database.PostgreSql)
        {
            return (Key, await PostgreSqlServer.CreateDatabaseAsync());
        }

        var folder = Directory.CreateTempSubdirectory("scim-sqlite-").FullName;
        TestRun.OnEnd(() => Directory.Delete(folder, recursive: true));
        return (Key, $"Data Source={Path.Combine(folder, "scim.db")}");
    }

    /// <summary>A folder with the badge as an extension of users.</summary>
    private sealed class DefinitionFolder : IDisposable
    {
        private readonly string path = Directory.CreateTempSubdirectory("scim-schemas-").FullName;

        public DefinitionFolder(bool required)
        {
            var badge = File.ReadAllText(Path.Combine(CustomServer.Folder, "badge.json"));
            File.WriteAllText(Path.Combine(path, "badge.json"), badge.Replace("\"required\": false", required ? "\"required\": true" : "\"required\": false", StringComparison.Ordinal));
        }

        public (string, string?) Setting => ("Scim:Schemas:Folder", path);

        public void Dispose() => Directory.Delete(path, recursive: true);
    }
}
