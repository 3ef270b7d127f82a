using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Authentication;

public class AccessTokenTests
{
    private const string Challenge = "Bearer realm=\"scim\"";

    [SkippableTheory, EachDatabase]
    public async Task Without_a_token_the_answer_is_401_with_a_challenge(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var response = await scim.WithToken(null).GetAsync("/Users");

        Assert.Contains("Authorization: Bearer", response.ExpectError(401), StringComparison.Ordinal);
        Assert.Equal(Challenge, response.Header("WWW-Authenticate"));
    }

    [SkippableTheory]
    [EachDatabase("Basic dXNlcjpwYXNz")]
    [EachDatabase("Bearerx abc")]
    public async Task Another_scheme_is_no_token(Database database, string header)
    {
        var response = await SendAsync(await TestServers.NewTenantAsync(database), header);
        response.ExpectError(401);
        Assert.Equal(Challenge, response.Header("WWW-Authenticate"));
    }

    [SkippableTheory, EachDatabase]
    public async Task Unknown_mistyped_expired_revoked_and_oversized_tokens_get_one_and_the_same_answer(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var tokens = scim.Server.Services.GetRequiredService<AccessTokens>();
        var expired = await tokens.CreateAsync(scim.Tenant.Name, "expired", DateTimeOffset.UtcNow.AddMinutes(-1), default);
        var revoked = await tokens.CreateAsync(scim.Tenant.Name, "revoked", null, default);
        await tokens.RevokeAsync(revoked.Token.Id, default);
        var last = scim.Token![^1] == 'x' ? 'y' : 'x';
        string[] refused = [TokenSecret.Create(), scim.Token[..^1] + last, expired.Secret, revoked.Secret, new string('a', 9_000), "unknown-of-any-form", ""];

        var answers = new List<ScimResponse>();
        foreach (var token in refused)
        {
            answers.Add(await SendAsync(scim, "Bearer " + token));
        }

        Assert.All(answers, answer => answer.ExpectError(401));
        Assert.Single(answers.Select(answer => answer.TextWithoutReference).Distinct());
        Assert.Single(answers.Select(answer => answer.Header("WWW-Authenticate")).Distinct());
        Assert.StartsWith(Challenge + ", error=\"invalid_token\"", answers[0].Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase("bearer {0}")]
    [EachDatabase("BEARER   {0}  ")]
    public async Task The_scheme_is_read_in_any_case_and_blanks_around_the_token_do_not_count(Database database, string form)
    {
        var scim = await TestServers.NewTenantAsync(database);
        (await SendAsync(scim, form.Replace("{0}", scim.Token, StringComparison.Ordinal))).Expect(200);
    }

    [SkippableTheory, EachDatabase]
    public async Task Two_tokens_in_one_request_are_refused(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        (await SendAsync(scim, "Bearer " + scim.Token, "Bearer " + scim.Token)).ExpectError(401);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_token_that_expires_later_is_accepted(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var issued = await scim.Server.Services.GetRequiredService<AccessTokens>().CreateAsync(scim.Tenant.Name, "later", DateTimeOffset.UtcNow.AddHours(1), default);
        (await scim.WithToken(issued.Secret).GetAsync("/Users")).Expect(200);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_token_gives_access_to_its_tenant_only(Database database)
    {
        var ours = await TestServers.NewTenantAsync(database);
        var theirs = await TestServers.NewTenantAsync(database);
        var id = (string)(await ours.CreateUserAsync())["id"]!;

        (await ours.GetAsync("/Users/" + id)).Expect(200);
        (await theirs.GetAsync("/Users/" + id)).ExpectError(404);
        Assert.Empty((await theirs.GetAsync("/Users")).Expect(200).Resources);
    }

    [SkippableTheory]
    [EachDatabase("/ServiceProviderConfig")]
    [EachDatabase("/Schemas")]
    [EachDatabase("/ResourceTypes")]
    public async Task Discovery_needs_no_token_and_minds_no_wrong_one(Database database, string path)
    {
        var scim = await TestServers.NewTenantAsync(database);
        (await scim.WithToken(null).GetAsync(path)).Expect(200);
        (await scim.WithToken("wrong-but-long-enough").GetAsync(path)).Expect(200);
    }

    [Fact]
    public async Task Discovery_needs_a_token_where_that_is_configured()
    {
        await using var server = await ScimServerFactory.StartAsync(Database.Sqlite, ("Scim:DiscoveryRequiresToken", "true"));
        var scim = await TestServers.NewTenantAsync(server);
        (await scim.WithToken(null).GetAsync("/Schemas")).ExpectError(401);
        (await scim.GetAsync("/Schemas")).Expect(200);
    }

    [SkippableTheory, EachDatabase]
    public async Task An_address_without_an_endpoint_is_404_with_and_without_a_token(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        (await scim.WithToken(null).GetAsync("/Usres")).ExpectError(404);
        (await scim.GetAsync("/Usres")).ExpectError(404);
    }

    [SkippableTheory, EachDatabase]
    public async Task A_write_without_a_token_changes_nothing(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = (string)(await scim.CreateUserAsync())["id"]!;
        var anonymous = scim.WithToken(null);

        (await anonymous.DeleteAsync("/Users/" + id)).ExpectError(401);
        (await anonymous.PatchAsync("/Users/" + id, """{"op":"replace","path":"active","value":false}""")).ExpectError(401);
        Assert.True((bool)(await scim.GetAsync("/Users/" + id)).Expect(200).Object["active"]!);
    }

    private static async Task<ScimResponse> SendAsync(ScimClient scim, params string[] authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, scim.BaseUrl + "/Users");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await scim.SendAsync(request);
    }
}
