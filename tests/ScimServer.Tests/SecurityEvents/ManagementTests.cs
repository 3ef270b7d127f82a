using System.Text.Json.Nodes;
using Scim.EntityFrameworkCore.Streams;
using ScimServer.Tests.Admin;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.SecurityEvents;

/// <summary>Streams are made and managed by their receiver (Shared Signals Framework 1.0, EVT-75 to 77) and by the operator.</summary>
public sealed class ManagementTests
{
    private const string Updated = "https://schemas.openid.net/secevent/ssf/event-type/stream-updated";

    /// <summary>EVT-75: the well-known part stands between host and path of the issuer.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_receiver_finds_everything_from_the_issuer(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var receiver = await StreamsClient.OfAsync(scim);
        var issuer = new Uri((string)(await receiver.CreateAsync())["iss"]!);

        var found = (await new StreamsClient(scim.Server, null).GetAsync("/.well-known/ssf-configuration" + issuer.AbsolutePath)).Expect(200);

        Assert.Equal("application/json", found.ContentType);
        JsonAssert.Has($$"""{"spec_version":"1_0","issuer":"{{issuer}}","delivery_methods_supported":["urn:ietf:rfc:8935","urn:ietf:rfc:8936"],"default_subjects":"ALL"}""", found.Object);
        Assert.Contains("\"kty\":\"EC\"", (await receiver.GetAsync(new Uri((string)found.Object["jwks_uri"]!).AbsolutePath)).Expect(200).Text, StringComparison.Ordinal);
        (await receiver.GetAsync(new Uri((string)found.Object["configuration_endpoint"]!).AbsolutePath)).Expect(200);
        var status = new Uri((string)found.Object["status_endpoint"]!).AbsolutePath;
        (await receiver.GetAsync($"{status}?stream_id={Guid.NewGuid()}")).Expect(404);
        (await receiver.PostAsync(new Uri((string)found.Object["verification_endpoint"]!).AbsolutePath, "{}")).Expect(404);
        (await receiver.GetAsync("/.well-known/ssf-configuration/tenants/0")).Expect(404);
    }

    /// <summary>EVT-76.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_receiver_makes_reads_changes_and_deletes_a_stream(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var receiver = await StreamsClient.OfAsync(scim);

        var made = await receiver.CreateAsync($$"""{"events_requested":["{{StreamsClient.Prefix}}delete","urn:unknown"],"description":"d"}""");
        var id = (string)made["stream_id"]!;
        JsonAssert.Equal($$"""["{{StreamsClient.Prefix}}delete"]""", made["events_delivered"]);
        Assert.Equal("urn:ietf:rfc:8936", (string?)made["delivery"]!["method"]);
        Assert.EndsWith($"/ssf/streams/{id}/poll", (string?)made["delivery"]!["endpoint_url"], StringComparison.Ordinal);
        JsonAssert.Equal(made, (await receiver.GetAsync($"/ssf/streams?stream_id={id}")).Expect(200).Object);

        var user = await scim.CreateUserIdAsync();
        (await scim.DeleteAsync($"/Users/{user}")).Expect(204);
        Assert.Equal(StreamsClient.Prefix + "delete", Assert.Single(Assert.Single(await receiver.TakeAsync(id)).Events).Key);

        var changed = (await receiver.SendAsync(HttpMethod.Patch, "/ssf/streams", $$"""{"stream_id":"{{id}}","events_requested":["{{StreamsClient.Prefix}}create:notice"]}""")).Expect(200).Object;
        JsonAssert.Has($$"""{"description":"d","events_delivered":["{{StreamsClient.Prefix}}create:notice"]}""", changed);
        var replaced = (await receiver.SendAsync(HttpMethod.Put, "/ssf/streams", $$$"""{"stream_id":"{{{id}}}","iss":"{{{made["iss"]}}}","aud":{{{made["aud"]!.ToJsonString()}}}}""")).Expect(200).Object;
        Assert.False(replaced.ContainsKey("description"));
        Assert.Equal(6, replaced["events_delivered"]!.AsArray().Count);

        foreach (var wrong in new[]
        {
            $$"""{"stream_id":"{{id}}","iss":"https://other.example.com"}""", $$"""{"stream_id":"{{id}}","aud":"other"}""", $$"""{"stream_id":"{{id}}","events_requested":"x"}""",
            $$$"""{"stream_id":"{{{id}}}","delivery":{"method":"urn:ietf:rfc:8935","endpoint_url":"https://rp.example.com/"}}""", $$"""{"stream_id":"{{id}}","description":"{{new string('x', 501)}}"}""",
        })
        {
            (await receiver.SendAsync(HttpMethod.Patch, "/ssf/streams", wrong)).Expect(400);
        }

        (await receiver.SendAsync(HttpMethod.Delete, $"/ssf/streams?stream_id={id}")).Expect(204);
        (await receiver.SendAsync(HttpMethod.Delete, $"/ssf/streams?stream_id={id}")).Expect(404);
        (await receiver.PollAsync(id)).Expect(404);
        var actions = (await (await AdminClient.NewAsync(scim.Server)).GetAsync("/actions?count=1000")).Expect(200).Object["actions"]!.AsArray()
            .Where(action => ((string?)action!["detail"])?.StartsWith(id, StringComparison.Ordinal) ?? false).Select(action => ((string)action!["action"]!, (string)action["actor"]!));
        Assert.Equal([("stream.delete", "token receiver of the tenant"), ("stream.change", "token receiver of the tenant"), ("stream.change", "token receiver of the tenant"), ("stream.create", "token receiver of the tenant")], actions);
    }

    [SkippableTheory]
    [EachDatabase("""{"delivery":{"method":"urn:ietf:rfc:8935"}}""")]
    [EachDatabase("""{"delivery":{"method":"urn:ietf:rfc:8935","endpoint_url":"http://rp.example.com/"}}""")]
    [EachDatabase("""{"delivery":{"method":"urn:ietf:rfc:8935","endpoint_url":"https://user:secret@rp.example.com/"}}""")]
    [EachDatabase("""{"delivery":{"method":"urn:ietf:rfc:8935","endpoint_url":"https://rp.example.com/","authorization_header":"Bearer a\nb"}}""")]
    [EachDatabase("""{"delivery":{"method":"https://schemas.openid.net/secevent/risc/delivery-method/push","endpoint_url":"https://rp.example.com/"}}""")]
    [EachDatabase("""{"delivery":[]}""")]
    [EachDatabase("""{"events_requested":[5]}""")]
    [EachDatabase("""{"description":{}}""")]
    [EachDatabase("nonsense")]
    public async Task What_can_be_no_stream_is_refused(Database database, string body)
    {
        var receiver = await StreamsClient.OfAsync(await TestServers.NewTenantAsync(database));
        var answer = (await receiver.PostAsync("/ssf/streams", body)).Expect(400);
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
        Assert.Equal("[]", (await receiver.GetAsync("/ssf/streams")).Expect(200).Text);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_tenant_has_a_bounded_number_of_streams(Database database)
    {
        var receiver = await StreamsClient.OfAsync(await TestServers.NewTenantAsync(database));
        for (var i = 0; i < EventStreams.MaxPerTenant; i++)
        {
            await receiver.CreateAsync();
        }

        (await receiver.PostAsync("/ssf/streams", "{}")).Expect(409);
    }

    /// <summary>EVT-77, EVT-78: paused holds, disabled forgets; the receiver is told when somebody else decided.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_paused_stream_holds_what_happens_and_a_disabled_one_forgets_it(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (receiver, admin) = (await StreamsClient.OfAsync(scim), await AdminClient.NewAsync(scim.Server));
        var stream = await receiver.CreateIdAsync();
        var path = $"/tenants/{scim.Tenant.Id}/streams/{stream}";

        (await receiver.PostAsync("/ssf/status", $$"""{"stream_id":"{{stream}}","status":"paused","reason":"moving"}""")).Expect(200);
        JsonAssert.Equal($$"""{"stream_id":"{{stream}}","status":"paused","reason":"moving"}""", (await receiver.GetAsync($"/ssf/status?stream_id={stream}")).Expect(200).Object);
        var held = await scim.CreateUserIdAsync();
        Assert.Empty(await receiver.PeekAsync(stream));
        (await receiver.PostAsync("/ssf/status", $$"""{"stream_id":"{{stream}}","status":"enabled"}""")).Expect(200);
        Assert.Equal($"/Users/{held}", Assert.Single(await receiver.TakeAsync(stream)).Uri);

        Assert.Equal("disabled", (string?)(await admin.PostAsync(path + "/disable", """{"reason":"contract ended"}""")).Expect(200).Object["status"]);
        await scim.CreateUserAsync();
        var told = Assert.Single(await receiver.TakeAsync(stream));
        JsonAssert.Equal("""{"status":"disabled","reason":"contract ended"}""", told.Events[Updated]);
        JsonAssert.Equal($$"""{"format":"opaque","id":"{{stream}}"}""", told.Claims["sub_id"]);
        Assert.False(told.Claims.ContainsKey("toe"));
        await Events.EventsClient.SettleAsync(scim.Server);
        (await admin.PostAsync(path + "/enable")).Expect(200);
        var seen = await scim.CreateUserIdAsync();
        var sets = await receiver.TakeAsync(stream);
        JsonAssert.Equal("""{"status":"enabled"}""", sets[0].Events[Updated]);
        Assert.Equal($"/Users/{seen}", Assert.Single(sets[1..]).Uri);
        (await receiver.PostAsync("/ssf/status", $$"""{"stream_id":"{{stream}}","status":"off"}""")).Expect(400);
    }

    /// <summary>EVT-77.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_verification_is_a_token_with_the_state_that_was_sent(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var receiver = await StreamsClient.OfAsync(scim);
        var stream = await receiver.CreateIdAsync();

        (await receiver.PostAsync("/ssf/verify", $$"""{"stream_id":"{{stream}}","state":"VGhpcw=="}""")).Expect(204);

        var set = Assert.Single(await receiver.TakeAsync(stream));
        JsonAssert.Equal("""{"https://schemas.openid.net/secevent/ssf/event-type/verification":{"state":"VGhpcw=="}}""", set.Events);
        JsonAssert.Equal($$"""{"format":"opaque","id":"{{stream}}"}""", set.Claims["sub_id"]);
        for (var i = 0; i < 10; i++)
        {
            (await receiver.PostAsync("/ssf/verify", $$"""{"stream_id":"{{stream}}"}""")).Expect(204);
        }

        (await receiver.PostAsync("/ssf/verify", $$"""{"stream_id":"{{stream}}"}""")).Expect(429);
        Assert.Equal(10, (await receiver.TakeAsync(stream)).Count);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task An_operator_makes_lists_verifies_and_deletes_a_stream(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (receiver, admin) = (await StreamsClient.OfAsync(scim), await AdminClient.NewAsync(scim.Server, "ops-" + Guid.NewGuid().ToString("N")));
        var path = $"/tenants/{scim.Tenant.Id}/streams";

        var made = (await admin.PostAsync(path, """{"mode":"full","audience":"https://app.example.com","description":"replica"}""")).Expect(201);
        var id = (string)made.Object["id"]!;
        Assert.Equal($"/admin{path}/{id}", made.Header("Location"));
        JsonAssert.Has("""{"mode":"full","delivery":"poll","audience":"https://app.example.com","status":"enabled","waiting":0}""", made.Object);
        await scim.CreateUserAsync();
        var set = Assert.Single(await receiver.TakeAsync(id));
        Assert.Equal(StreamsClient.Prefix + "create:full", Assert.Single(set.Events).Key);
        JsonAssert.Equal("""["https://app.example.com"]""", set.Claims["aud"]);
        (await admin.PostAsync($"{path}/{id}/verify", """{"state":"x"}""")).Expect(204);
        Assert.Single(await receiver.TakeAsync(id));
        Assert.Single(JsonNode.Parse((await admin.GetAsync(path)).Expect(200).Text)!.AsArray());
        foreach (var (body, field) in new[]
        {
            ("""{"mode":"some"}""", "mode"), ("""{"events":["urn:x"]}""", "events"), ("""{"authorization":"Bearer x"}""", "authorization"), ("""{"endpointUrl":"ftp://x"}""", "endpointUrl"),
        })
        {
            AdminClient.ExpectProblem(await admin.PostAsync(path, body), 400, field);
        }

        (await admin.SendAsync(HttpMethod.Delete, $"{path}/{id}")).Expect(204);
        AdminClient.ExpectProblem(await admin.GetAsync($"{path}/{id}"), 404);
    }

    /// <summary>RFC 9967 §4: absent means that there are no events.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Switched_off_there_are_no_streams_and_nothing_says_so_otherwise(Database database)
    {
        var scim = await TestServers.NewTenantAsync(await ScimServerFactory.StartAsync(database, ("SecurityEvents:Enabled", "false")));
        var receiver = await StreamsClient.OfAsync(scim);

        Assert.False((await scim.GetAsync("/ServiceProviderConfig")).Expect(200).Object.ContainsKey("securityEvents"));
        (await receiver.PostAsync("/ssf/streams", "{}")).Expect(404);
        (await receiver.GetAsync("/ssf/jwks")).Expect(404);
        (await receiver.GetAsync($"/.well-known/ssf-configuration/tenants/{scim.Tenant.Id}")).Expect(404);
        AdminClient.ExpectProblem(await (await AdminClient.NewAsync(scim.Server)).PostAsync($"/tenants/{scim.Tenant.Id}/streams"), 404);
    }
}
