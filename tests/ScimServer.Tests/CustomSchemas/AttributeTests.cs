using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>Attributes of every type (RFC 7643 §2.3) in a schema that files define: stored, found, sorted and patched by their characteristics.</summary>
public sealed class AttributeTests
{
    private const string One = """
        "note":"Größe","exact":"Aa","count":10,"weight":1.50,"fresh":true,"active":"yes","displayName":["x","y"],"taken":"2026-01-02T03:04:05+01:00","picture":"QUJD","link":"https://x.org/A",
        "origin":"Basel","batch":"b","tags":["wet","Odd"],"codes":[7,8],"place":{"room":"R1","floor":-1},
        "readings":[{"value":0.1,"type":"ph","at":"2026-01-01T00:00:00Z"},{"value":20.25,"type":"temp","primary":true}]
        """;

    private const string Two = """
        "note":"klein","exact":"aA","count":9,"weight":-2.25,"fresh":false,"active":"no","taken":"2026-01-02T02:30:00Z","picture":"qujd","tags":["dry"],"codes":[-3],"place":{"room":"r2","floor":12},
        "readings":[{"value":3,"type":"ph"}]
        """;

    [SkippableTheory]
    [EachDatabase]
    public async Task What_was_sent_comes_back(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);

        var sample = (await scim.GetAsync("/Samples/" + await scim.CreateSampleAsync("one", One))).Expect(200).Object;

        JsonAssert.Has($"{{{One}}}", sample);
        Assert.Contains("\"weight\":1.50", sample.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>RFC 7643 §2.3.5: what is sent must be an xsd:dateTime, also where a client's was none.</summary>
    [SkippableTheory]
    [EachDatabase("2020-01-01T00:00Z", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z")]
    [EachDatabase("2020-01-01T00:00:00.50+0100", "2020-01-01T00:00:00.50+01:00", "2019-12-31T23:00:00.5Z")]
    [EachDatabase("2020-01-01T00:00:00.50+01:00", "2020-01-01T00:00:00.50+01:00", "2019-12-31T23:00:00.5Z")]
    [EachDatabase("2020-01-01T24:00:00Z", "2020-01-01T24:00:00Z", "2020-01-02T00:00:00Z")]
    public async Task A_dateTime_is_kept_as_sent_where_it_is_valid_and_else_as_the_valid_one_of_that_moment(Database database, string sent, string kept, string utc)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var body = $$"""{"label":"one","taken":"{{sent}}","readings":[{"value":1,"at":"{{sent}}"}]}""";
        var expected = $$"""{"taken":"{{kept}}","readings":[{"value":1,"at":"{{kept}}"}]}""";
        var path = "/Samples/" + (string)(await scim.PostAsync("/Samples", body)).Expect(201).Object["id"]!;

        var read = await scim.GetAsync(path);
        JsonAssert.Has(expected, read.Object);
        Assert.Equal(read.Text, (await scim.PutAsync(path, body)).Expect(200).Text);
        Assert.Equal(read.Text, (await scim.PutAsync(path, read.Text)).Expect(200).Text);
        Assert.Equal("one", await scim.LabelsAsync($"taken eq \"{utc}\" and readings[at eq \"{sent}\"]"));

        (await scim.PatchAsync(path, """{"op":"remove","path":"taken"},{"op":"remove","path":"readings"}""")).Expect(200);
        JsonAssert.Has(expected, (await scim.PatchAsync(
            path, $$"""{"op":"add","path":"taken","value":"{{sent}}"},{"op":"add","value":{"readings":[{"value":1,"at":"{{sent}}"}]} }""")).Expect(200).Object);
    }

    [SkippableTheory]
    [EachDatabase("note eq \"GRÖSSE\"", "")]
    [EachDatabase("note eq \"GRÖßE\"", "one")]
    [EachDatabase("note co \"LEI\"", "two")]
    [EachDatabase("exact eq \"Aa\"", "one")]
    [EachDatabase("exact sw \"a\"", "two")]
    [EachDatabase("count eq 10", "one")]
    [EachDatabase("count gt 9", "one")]
    [EachDatabase("count ge 9 and count lt 10", "two")]
    [EachDatabase("count ne 10", "none two")]
    [EachDatabase("weight eq 1.5", "one")]
    [EachDatabase("weight eq 1.50", "one")]
    [EachDatabase("weight lt 0", "two")]
    [EachDatabase("weight le -2.25", "two")]
    [EachDatabase("weight gt -3e0", "one two")]
    [EachDatabase("fresh eq true", "one")]
    [EachDatabase("fresh ne true", "none two")]
    [EachDatabase("active eq \"YES\"", "one")]
    [EachDatabase("displayName eq \"Y\"", "one")]
    [EachDatabase("taken eq \"2026-01-02T02:04:05Z\"", "one")]
    [EachDatabase("taken gt \"2026-01-02T02:04:05Z\"", "two")]
    [EachDatabase("picture eq \"QUJD\"", "one")]
    [EachDatabase("picture eq \"qujd\"", "two")]
    [EachDatabase("link sw \"https://\"", "one")]
    [EachDatabase("origin pr", "one")]
    [EachDatabase("state pr", "")]
    [EachDatabase("tags eq \"WET\"", "one")]
    [EachDatabase("tags co \"d\"", "one two")]
    [EachDatabase("tags.value eq \"WET\"", "one")]
    [EachDatabase("Tags.Value ne \"dry\"", "none one")]
    [EachDatabase("tags.value pr", "one two")]
    [EachDatabase("urn:example:scim:schemas:1.0:Sample:tags.value eq \"odd\"", "one")]
    [EachDatabase("tags[value eq \"WET\"]", "one")]
    [EachDatabase("tags[value ne \"dry\"]", "one")]
    [EachDatabase("tags[not (value co \"d\")]", "one")]
    [EachDatabase("not (tags[value co \"d\"])", "none")]
    [EachDatabase("tags[value eq \"wet\" and value eq \"odd\"]", "")]
    [EachDatabase("tags eq \"wet\" and tags[value sw \"o\" and value ew \"D\"]", "one")]
    [EachDatabase("tags[value pr] and not (tags[value eq null])", "one two")]
    [EachDatabase("codes[value gt 7 and value lt 9]", "one")]
    [EachDatabase("codes.value le -3 or codes[Value eq 7]", "one two")]
    [EachDatabase("codes eq 8", "one")]
    [EachDatabase("codes lt 0", "two")]
    [EachDatabase("place.room eq \"R2\"", "two")]
    [EachDatabase("place.floor lt 0", "one")]
    [EachDatabase("place.floor gt 9", "two")]
    [EachDatabase("readings.value gt 20", "one")]
    [EachDatabase("readings[type eq \"ph\" and value lt 1]", "one")]
    [EachDatabase("readings[type eq \"ph\"].value eq 3", "two")]
    [EachDatabase("readings[primary eq true] and not (fresh eq false)", "one")]
    [EachDatabase("readings.at le \"2026-01-01T00:00:00Z\"", "one")]
    [EachDatabase("label eq \"none\" or count eq 9", "none two")]
    public async Task Each_type_is_compared_as_the_schema_says(Database database, string filter, string labels)
    {
        var scim = await SamplesAsync(database);

        Assert.Equal(labels, await scim.LabelsAsync(filter));
    }

    [SkippableTheory]
    [EachDatabase("count co \"1\"")]
    [EachDatabase("count eq \"10\"")]
    [EachDatabase("weight eq true")]
    [EachDatabase("fresh gt true")]
    [EachDatabase("picture gt \"A\"")]
    [EachDatabase("taken gt \"yesterday\"")]
    [EachDatabase("place eq \"R1\"")]
    [EachDatabase("readings.unit eq \"C\"")]
    public async Task A_comparison_that_does_not_fit_the_type_is_refused(Database database, string filter)
    {
        var scim = await CustomServer.NewTenantAsync(database);

        (await scim.FindAsync("/Samples", filter)).ExpectError(400, "invalidFilter");
    }

    /// <summary>RFC 7643 §2.3.3; ENTRA-B08: what cannot be kept is refused, not altered.</summary>
    [SkippableTheory]
    [EachDatabase("1e-29")]
    [EachDatabase("-0.00000000000000000000000000001")]
    [EachDatabase("1.00000000000000000000000000001")]
    [EachDatabase("1e29")]
    public async Task A_decimal_that_cannot_be_kept_as_sent_is_refused(Database database, string number)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var path = "/Samples/" + await scim.CreateSampleAsync("one", """ "weight":1e-28 """);

        (await scim.PostSampleAsync("two", $$""" "weight":{{number}} """)).ExpectError(400, "invalidValue");
        (await scim.PatchAsync(path, $$"""{"op":"replace","path":"weight","value":{{number}}}""")).ExpectError(400, "invalidValue");
        (await scim.PatchAsync(path, $$"""{"op":"add","path":"readings","value":[{"value":{{number}}}]}""")).ExpectError(400, "invalidValue");
        (await scim.FindAsync("/Samples", $"weight eq {number}")).ExpectError(400, "invalidFilter");

        Assert.Contains("\"weight\":0.0000000000000000000000000001", (await scim.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.Equal("one", await scim.LabelsAsync("weight gt 0 and weight eq 0.1e-27"));
    }

    /// <summary>RFC 7644 §3.4.2.3: numbers by their size, not by their digits; without a value last.</summary>
    [SkippableTheory]
    [EachDatabase("count", "7 -10 100 9 -9223372036854775808 9223372036854775807 0", "-9223372036854775808 -10 0 7 9 100 9223372036854775807")]
    [EachDatabase("weight", "10 9 1.5 -0.25 -10 1e3 0.001 1.25 100.5", "-10 -0.25 0.001 1.25 1.5 9 10 100.5 1e3")]
    [EachDatabase("place.floor", "3 20 -1", "-1 3 20")]
    public async Task Numbers_are_sorted_by_size_in_both_directions_and_over_pages(Database database, string path, string values, string sorted)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var last = await scim.CreateSampleAsync("none");
        foreach (var value in values.Split(' '))
        {
            await scim.CreateSampleAsync(value, path.Split('.') is [var owner, var sub] ? $$""" "{{owner}}":{"{{sub}}":{{value}}} """ : $$""" "{{path}}":{{value}} """);
        }

        string[] expected = [.. sorted.Split(' '), "none"];
        Assert.Equal(expected, (await scim.GetAsync($"/Samples?sortBy={path}")).Expect(200).Resources.Select(CustomServer.Label));
        Assert.Equal(expected.Reverse(), (await scim.GetAsync($"/Samples?sortBy={path}&sortOrder=descending")).Expect(200).Resources.Select(CustomServer.Label));
        Assert.Equal(expected, await WalkAsync(scim, $"/Samples?sortBy={path}&count=2"));
        Assert.Equal(expected.Reverse(), await WalkAsync(scim, $"/Samples?sortBy={path}&sortOrder=descending&count=2"));
        Assert.Equal(last, (await scim.GetAsync($"/Samples?sortBy={path}&startIndex={expected.Length}")).Ids.Single());
    }

    [SkippableTheory]
    [EachDatabase("taken", "one two none")]
    [EachDatabase("fresh", "two one none")]
    [EachDatabase("exact", "one two none")]
    [EachDatabase("note", "one two none")]
    [EachDatabase("codes", "two one none")]
    [EachDatabase("tags", "two one none")]
    [EachDatabase("readings", "two one none")]
    [EachDatabase("active", "two one none")]
    [EachDatabase("label", "none one two")]
    public async Task Other_types_are_sorted_too(Database database, string path, string labels)
    {
        var scim = await SamplesAsync(database);

        Assert.Equal(labels, string.Join(' ', (await scim.GetAsync($"/Samples?sortBy={path}")).Expect(200).Resources.Select(CustomServer.Label)));
    }

    [SkippableTheory]
    [EachDatabase("""{"op":"replace","path":"count","value":11}""", """{"count":11}""")]
    [EachDatabase("""{"op":"add","path":"weight","value":0.75}""", """{"weight":0.75}""")]
    [EachDatabase("""{"op":"replace","path":"fresh","value":false}""", """{"fresh":false}""")]
    [EachDatabase("""{"op":"remove","path":"taken"}""", """{"taken":null}""")]
    [EachDatabase("""{"op":"add","path":"tags","value":["dry","WET"]}""", """{"tags":["wet","Odd","dry"]}""")]
    [EachDatabase("""{"op":"add","path":"codes","value":[8,9]}""", """{"codes":[7,8,9]}""")]
    [EachDatabase("""{"op":"remove","path":"tags[value eq \"WET\"]"}""", """{"tags":["Odd"]}""")]
    [EachDatabase("""{"op":"remove","path":"codes[value gt 7]"}""", """{"codes":[7]}""")]
    [EachDatabase("""{"op":"replace","path":"tags[value sw \"o\"]","value":"even"}""", """{"tags":["wet","even"]}""")]
    [EachDatabase("""{"op":"replace","path":"place.floor","value":4}""", """{"place":{"room":"R1","floor":4}}""")]
    [EachDatabase("""{"op":"replace","value":{"place":{"room":"R9"}}}""", """{"place":{"room":"R9","floor":-1}}""")]
    [EachDatabase("""{"op":"replace","path":"readings[value gt 20].type","value":"heat"}""", """{"readings":[{"value":0.1,"type":"ph","at":"2026-01-01T00:00:00Z"},{"value":20.25,"type":"heat","primary":true}]}""")]
    [EachDatabase("""{"op":"remove","path":"readings[type eq \"PH\"]"}""", """{"readings":[{"value":20.25,"type":"temp","primary":true}]}""")]
    [EachDatabase("""{"op":"add","path":"readings","value":[{"value":5,"primary":true}]}""", """{"readings":[{"value":0.1,"type":"ph","at":"2026-01-01T00:00:00Z"},{"value":20.25,"type":"temp"},{"value":5,"primary":true}]}""", true)]
    [EachDatabase("""{"op":"replace","path":"origin","value":"Basel"}""", """{"origin":"Basel"}""")]
    public async Task Each_type_is_patched(Database database, string operation, string expected, bool ignoresFlags = false)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var path = "/Samples/" + await scim.CreateSampleAsync("one", One);

        var patched = (await scim.PatchAsync(path, operation)).Expect(200).Object;

        JsonAssert.Has(expected, ignoresFlags ? WithoutFalse(patched) : patched);
        JsonAssert.Equal(patched.ToJsonString(), ignoresFlags ? WithoutFalse((await scim.GetAsync(path)).Object) : (await scim.GetAsync(path)).Object);
    }

    /// <summary>RFC 7644 §3.5.2.1, §3.5.2.2: an add appends, and a remove with a value removes what it lists, also within a complex attribute.</summary>
    [SkippableTheory]
    [EachDatabase("""{"op":"add","path":"place.signs","value":["exit","LIFT"]}""", """{"place":{"room":"R1","signs":["lift","wc","exit"]}}""")]
    [EachDatabase("""{"op":"Add","path":"place","value":{"signs":["exit"],"floor":2}}""", """{"place":{"room":"R1","floor":2,"signs":["lift","wc","exit"]}}""")]
    [EachDatabase("""{"op":"add","value":{"place.signs":"exit"}}""", """{"place":{"room":"R1","signs":["lift","wc","exit"]}}""")]
    [EachDatabase("""{"op":"add","path":"place.signs","value":[]}""", """{"place":{"room":"R1","signs":["lift","wc"]}}""")]
    [EachDatabase("""{"op":"add","path":"place.signs","value":null}""", """{"place":{"room":"R1","signs":["lift","wc"]}}""")]
    [EachDatabase("""{"op":"replace","path":"place.signs","value":["exit"]}""", """{"place":{"room":"R1","signs":["exit"]}}""")]
    [EachDatabase("""{"op":"remove","path":"place.signs","value":["WC","exit"]}""", """{"place":{"room":"R1","signs":["lift"]}}""")]
    [EachDatabase("""{"op":"remove","path":"place.signs","value":[]}""", """{"place":{"room":"R1","signs":["lift","wc"]}}""")]
    [EachDatabase("""{"op":"remove","path":"place.signs"}""", """{"place":{"room":"R1"}}""")]
    [EachDatabase("""{"op":"add","path":"readings[type eq \"ph\"].tags","value":["y","X"]}""", """{"readings":[{"value":1,"type":"ph","tags":["x","y"]},{"value":2,"type":"temp","tags":["x"]}]}""")]
    [EachDatabase("""{"op":"remove","path":"readings[value eq 1].tags","value":["x"]}""", """{"readings":[{"value":1,"type":"ph"},{"value":2,"type":"temp","tags":["x"]}]}""")]
    [EachDatabase("""{"op":"add","path":"readings[tags eq \"z\"].value","value":3}""", """{"readings":[{"value":1,"type":"ph","tags":["x"]},{"value":2,"type":"temp","tags":["x"]},{"tags":["z"],"value":3}]}""")]
    public async Task Many_values_within_a_complex_attribute_are_patched_as_many(Database database, string operation, string expected)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var path = "/Samples/" + await scim.CreateSampleAsync(
            "one", """ "place":{"room":"R1","signs":["lift","wc"]},"readings":[{"value":1,"type":"ph","tags":["x"]},{"value":2,"type":"temp","tags":["x"]}] """);

        var patched = (await scim.PatchAsync(path, operation)).Expect(200).Object;

        JsonAssert.Has(expected, patched);
        JsonAssert.Equal(patched.ToJsonString(), (await scim.GetAsync(path)).Object);
        Assert.Equal(expected.Contains("\"z\"", StringComparison.Ordinal) ? "one" : "", await scim.LabelsAsync("readings[tags eq \"Z\" and value eq 3]"));
    }

    [SkippableTheory]
    [EachDatabase("""{"op":"replace","path":"count","value":1.5}""", "invalidValue")]
    [EachDatabase("""{"op":"replace","path":"origin","value":"Tokyo"}""", "mutability")]
    [EachDatabase("""{"op":"remove","path":"origin"}""", "mutability")]
    [EachDatabase("""{"op":"replace","path":"state","value":"x"}""", "mutability")]
    [EachDatabase("""{"op":"replace","path":"owner.displayName","value":"x"}""", "mutability")]
    [EachDatabase("""{"op":"remove","path":"label"}""", "mutability")]
    [EachDatabase("""{"op":"remove","path":"codes[value eq \"x\"]"}""", "invalidFilter")]
    [EachDatabase("""{"op":"remove","path":"tags[type eq \"x\"]"}""", "invalidFilter")]
    [EachDatabase("""{"op":"replace","path":"colour","value":"x"}""", "invalidPath")]
    public async Task What_a_characteristic_forbids_is_refused_and_changes_nothing(Database database, string operation, string scimType)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var path = "/Samples/" + await scim.CreateSampleAsync("one", One);

        (await scim.PatchAsync(path, """{"op":"replace","path":"note","value":"changed"},""" + operation)).ExpectError(400, scimType);

        Assert.Equal("W/\"1\"", (await scim.GetAsync(path)).ETag);
        (await scim.PutAsync(path, """{"label":"one","origin":"Tokyo"}""")).ExpectError(400, "mutability");
    }

    private static JsonObject WithoutFalse(JsonObject sample)
    {
        foreach (var reading in sample["readings"]!.AsArray().Select(reading => reading!.AsObject()).Where(reading => reading["primary"]?.GetValue<bool>() == false))
        {
            reading.Remove("primary");
        }

        return sample;
    }

    private static async Task<ScimClient> SamplesAsync(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        await scim.CreateSampleAsync("one", One);
        await scim.CreateSampleAsync("two", Two);
        await scim.CreateSampleAsync("none");
        return scim;
    }

    private static async Task<List<string>> WalkAsync(ScimClient scim, string path)
    {
        var labels = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await scim.GetAsync($"{path}&cursor={cursor}")).Expect(200);
            labels.AddRange(page.Resources.Select(CustomServer.Label));
            cursor = (string?)page.Object["nextCursor"];
        }

        return labels;
    }
}
