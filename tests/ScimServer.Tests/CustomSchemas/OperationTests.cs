using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using ScimServer.Tests.Bulk;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>The operations of RFC 7644 on a resource type that files define: as on users.</summary>
public sealed class OperationTests
{
    [SkippableTheory]
    [EachDatabase]
    public async Task A_resource_is_created_read_replaced_patched_and_deleted(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var created = (await scim.PostSampleAsync("S-1", """ "externalId":"e","COUNT":3,"unknown":1,"state":"x" """)).Expect(201);
        var path = $"/Samples/{created.Object["id"]}";

        JsonAssert.Has("""{"schemas":["urn:example:scim:schemas:1.0:Sample"],"label":"S-1","externalId":"e","count":3,"state":null,"unknown":null,"active":null}""", created.Object);
        JsonAssert.Has($$"""{"resourceType":"Sample","version":"W/\"1\"","location":"{{scim.BaseUrl}}{{path}}"}""", created.Object["meta"]!.AsObject());
        Assert.Equal((scim.BaseUrl + path, "W/\"1\""), (created.Location, created.ETag));
        JsonAssert.Equal(created.Text, (await scim.GetAsync(path)).Expect(200).Object);
        Assert.Equal("", (await scim.SendAsync(HttpMethod.Head, path)).Expect(200).Text);
        (await scim.GetAsync(path, ("If-None-Match", "W/\"1\""))).Expect(304);

        var patched = (await scim.PatchAsync(path, """{"op":"add","path":"note","value":"n"},{"op":"replace","path":"count","value":4}""", ("If-Match", "W/\"1\""))).Expect(200);
        JsonAssert.Has("""{"note":"n","count":4}""", patched.Object);
        Assert.Equal("W/\"2\"", patched.ETag);
        (await scim.PutAsync(path, """{"label":"S-2"}""", ("If-Match", "W/\"1\""))).ExpectError(412);
        JsonAssert.Has("""{"label":"S-2","note":null,"count":null,"externalId":null}""", (await scim.PutAsync(path, """{"label":"S-2"}""")).Expect(200).Object);

        (await scim.DeleteAsync(path)).Expect(204);
        Assert.Contains("Sample", (await scim.GetAsync(path)).ExpectError(404), StringComparison.Ordinal);
        (await scim.PutAsync(path, """{"label":"S-2"}""")).ExpectError(404);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task What_the_schema_does_not_allow_is_refused_and_nothing_is_stored(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);

        Assert.Equal("label is required.", (await scim.PostAsync("/Samples", """{"note":"n"}""")).ExpectError(400, "invalidValue"));
        foreach (var wrong in (string[])
            [
                """ "count":1.5 """, """ "count":"many" """, """ "count":99999999999999999999 """, """ "weight":"heavy" """, """ "fresh":1 """, """ "taken":"yesterday" """, """ "picture":"?" """,
                """ "tags":{} """, """ "place":"x" """, """ "readings":[{"value":"x"}] """, """ "readings":[{"value":1,"primary":true},{"value":2,"primary":true}] """, """ "note":["a","b"] """, """ "note":{} """,
            ])
        {
            (await scim.PostSampleAsync("wrong", wrong)).ExpectError(400, "invalidValue");
        }

        (await scim.PostAsync("/Samples", $$"""{"schemas":["{{ScimClient.User}}"],"label":"x"}""")).ExpectError(400, "invalidSyntax");
        Assert.Equal(0, (int)(await scim.GetAsync("/Samples")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Lists_are_filtered_paged_and_searched_at_the_endpoint_and_at_the_base(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        for (var i = 1; i <= 5; i++)
        {
            await scim.CreateSampleAsync($"S-{i}", $""" "count":{i} """);
        }

        await scim.CreateUserAsync("u", """ "title":"S" """);

        Assert.Equal("S-4 S-5", await scim.LabelsAsync("count gt 3"));
        JsonAssert.Has("""{"totalResults":5,"startIndex":2,"itemsPerPage":2}""", (await scim.GetAsync("/Samples?startIndex=2&count=2")).Expect(200).Object);
        var first = (await scim.GetAsync("/Samples?cursor&count=3&sortBy=count&sortOrder=descending")).Expect(200);
        var second = (await scim.GetAsync($"/Samples?cursor={first.Object["nextCursor"]}&count=3&sortBy=count&sortOrder=descending")).Expect(200);
        Assert.Equal(["S-5", "S-4", "S-3", "S-2", "S-1"], first.Resources.Concat(second.Resources).Select(CustomServer.Label));
        Assert.Equal(["S-2"], (await scim.PostAsync("/Samples/.search", """{"filter":"label eq \"S-2\"","attributes":["label"]}""")).Expect(200).Resources.Select(CustomServer.Label));

        Assert.Equal(6, (int)(await scim.GetAsync("/")).Expect(200).Object["totalResults"]!);
        Assert.Equal(["S-1"], (await scim.FindAsync("/", "count eq 1")).Expect(200).Resources.Select(CustomServer.Label));
        Assert.Equal(["Sample", "User"], (await scim.PostAsync("/.search", """{"filter":"label eq \"S-3\" or userName eq \"u\""}""")).Expect(200).Resources.Select(found => (string)found!["meta"]!["resourceType"]!).Order());
        Assert.Equal(5, (await scim.FindAsync("/", "meta.resourceType eq \"Sample\"")).Expect(200).Resources.Count);
        Assert.Contains("Sample has no attribute \"userName\"", (await scim.FindAsync("/Samples", "userName eq \"u\"")).ExpectError(400, "invalidFilter"), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Answers_hold_what_returned_and_the_client_say(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var path = "/Samples/" + await scim.CreateSampleAsync("S", """ "batch":"b","report":"r","note":"n" """);

        JsonAssert.Has("""{"batch":"b","report":null,"note":"n"}""", (await scim.GetAsync(path)).Object);
        JsonAssert.Has("""{"batch":"b","report":"r","note":null,"label":null}""", (await scim.GetAsync(path + "?attributes=report")).Object);
        JsonAssert.Has("""{"batch":"b","note":null,"label":"S"}""", (await scim.GetAsync(path + "?excludedAttributes=note,batch")).Object);
        Assert.Equal("S", await scim.LabelsAsync("report eq \"R\""));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_bulk_creates_and_changes_them_and_refers_to_them(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);

        var results = await scim.BulkAsync(
            """{"method":"POST","path":"/Samples","bulkId":"s","data":{"label":"S","owner":{"value":"bulkId:u"}}}""",
            BulkClient.PostUser("u", "ada"),
            """{"method":"POST","path":"/Devices","bulkId":"d","data":{"active":true,"displayName":"Door"}}""",
            BulkClient.PostGroup("g", "Things", "bulkId:d"),
            """{"method":"POST","path":"/Samples","bulkId":"s2","data":{"note":"no label"}}""",
            BulkClient.Patch("/Samples/bulkId:s", """{"op":"add","path":"tags","value":["wet"]}"""));

        Assert.Equal(["201", "201", "201", "201", "400", "200"], results.Statuses());
        var sample = (await scim.GetAsync($"/Samples/{results[0].Id()}")).Expect(200).Object;
        JsonAssert.Equal("""["wet"]""", sample["tags"]);
        JsonAssert.Has($$"""{"value":"{{results[1].Id()}}","$ref":"{{scim.BaseUrl}}/Users/{{results[1].Id()}}"}""", sample["owner"]!.AsObject());
        Assert.Equal([results[2].Id()], await scim.MembersAsync(results[3].Id()));
        Assert.Equal(["204", "404"], (await scim.BulkAsync(BulkClient.Delete($"/Samples/{results[0].Id()}"), BulkClient.Delete($"/Printers/{results[0].Id()}"))).Statuses());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Each_write_is_in_the_change_log(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var path = "/Samples/" + await scim.CreateSampleAsync("S");
        (await scim.PatchAsync(path, """{"op":"add","path":"place.floor","value":2}""")).Expect(200);
        (await scim.DeleteAsync(path)).Expect(204);

        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        var changes = await context.Changes.OrderBy(change => change.Seq).ToListAsync();

        Assert.Equal([("create", "Sample"), ("patch", "Sample"), ("delete", "Sample")], changes.Select(change => (change.Kind, change.ResourceType)));
        Assert.Contains("place.floor", changes[1].Delta, StringComparison.Ordinal);
    }
}
