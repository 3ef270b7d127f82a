using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.CustomSchemas;

/// <summary><c>uniqueness</c> of a resource type that files define (RFC 7643 §7): a unique index decides.</summary>
public sealed class UniquenessTests
{
    [SkippableTheory]
    [EachDatabase]
    public async Task A_second_resource_with_the_value_is_refused_on_create_replace_and_patch(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        await scim.CreateSampleAsync("S-1");
        var path = "/Samples/" + await scim.CreateSampleAsync("S-2");

        Assert.Equal("There is already a Sample with the label \"S-1\".", (await scim.PostSampleAsync("S-1")).ExpectError(409, "uniqueness"));
        (await scim.PutAsync(path, """{"label":"S-1"}""")).ExpectError(409, "uniqueness");
        Assert.StartsWith("Operations[0]: ", (await scim.PatchAsync(path, """{"op":"replace","path":"label","value":"S-1"}""")).ExpectError(409, "uniqueness"), StringComparison.Ordinal);
        Assert.Equal("S-1 S-2", await scim.LabelsAsync("label pr"));
        (await (await CustomServer.NewTenantAsync(database)).PostSampleAsync("S-1")).Expect(201);
    }

    /// <summary>The label's caseExact is true: upper and lower case are two values, also for filters and in the order of a list.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Where_case_counts_two_spellings_are_two_values(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        foreach (var label in (string[])["b", "B", "a", "\\u00e9"])
        {
            await scim.CreateSampleAsync(label);
        }

        Assert.Equal("b", await scim.LabelsAsync("label eq \"b\""));
        Assert.Equal("B", await scim.LabelsAsync("label sw \"B\""));
        Assert.Equal("B a b é", string.Join(' ', (await scim.GetAsync("/Samples?sortBy=label")).Expect(200).Resources.Select(CustomServer.Label)));

        // é in one and in two characters is one value (RFC 7644 §5).
        (await scim.PostSampleAsync("e\\u0301")).ExpectError(409, "uniqueness");
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Of_many_that_come_at_once_one_wins(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scim.PostSampleAsync("S")));

        Assert.Equal([201, 409, 409, 409, 409, 409, 409, 409], answers.Select(answer => answer.Status).Order());
    }
}
