using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;
using ScimServer.Tests.Infrastructure;
using Verifier = Scim.EntityFrameworkCore.Access.Passwords;

namespace ScimServer.Tests.Passwords;

/// <summary>Passwords are accepted, hashed and verified by a host; nothing over HTTP verifies one (RFC 7643 §4.1.1, §9.2).</summary>
public sealed class PasswordTests
{
    [SkippableTheory]
    [EachDatabase]
    public async Task A_password_of_a_create_put_or_patch_verifies_by_name_and_by_id_until_it_is_changed(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = Guid.Parse(await scim.CreateUserIdAsync("Ada@example.com", """ "password":"one" """));

        await AssertPasswordAsync(scim, id, "one");
        (await scim.PutAsync($"/Users/{id}", """{"userName":"Ada@example.com","password":"two"}""")).Expect(200);
        await AssertPasswordAsync(scim, id, "two", not: "one");
        (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"password","value":"three"}""")).Expect(200);
        await AssertPasswordAsync(scim, id, "three", not: "two");
        (await scim.PatchAsync($"/Users/{id}", """{"op":"add","value":{"password":"four"}}""")).Expect(200);
        await AssertPasswordAsync(scim, id, "four", not: "three");
        (await scim.PutAsync($"/Users/{id}", """{"userName":"Ada@example.com","title":"T"}""")).Expect(200);
        await AssertPasswordAsync(scim, id, "four");
        (await scim.PatchAsync($"/Users/{id}", """{"op":"remove","path":"password"}""")).Expect(200);
        Assert.Null(await VerifyAsync(scim, "ada@example.com", "four"));
        Assert.Null(await VerifyAsync(scim, "ada@example.com", ""));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_user_who_is_disabled_or_deleted_does_not_verify(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("a", """ "password":"p" """);
        Assert.NotNull(await VerifyAsync(scim, "a", "p"));

        (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"active","value":false}""")).Expect(200);
        Assert.Null(await VerifyAsync(scim, "a", "p"));
        Assert.False(await Of(scim).VerifyAsync(scim.Tenant.Id, Guid.Parse(id), "p", default));

        (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"active","value":true}""")).Expect(200);
        Assert.NotNull(await VerifyAsync(scim, "a", "p"));
        (await scim.DeleteAsync($"/Users/{id}")).Expect(204);
        Assert.Null(await VerifyAsync(scim, "a", "p"));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_password_is_of_one_user_of_one_tenant(Database database)
    {
        var (scim, other) = (await TestServers.NewTenantAsync(database), await TestServers.NewTenantAsync(database));
        var id = Guid.Parse(await scim.CreateUserIdAsync("a", """ "password":"p" """));
        await other.CreateUserAsync("a", """ "password":"q" """);
        await scim.CreateGroupAsync("g");

        Assert.Null(await VerifyAsync(other, "a", "p"));
        Assert.False(await Of(other).VerifyAsync(other.Tenant.Id, id, "p", default));
        Assert.Null(await VerifyAsync(scim, "g", "p"));
        Assert.Null(await VerifyAsync(scim, "nobody", "p"));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Names_and_passwords_that_nobody_can_have_are_not_found(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync("a", """ "password":"p" """);

        foreach (var text in new[] { "", "\0", "\ud800", "a\0", new string('x', 100_000), "' OR 1=1 --" })
        {
            Assert.Null(await VerifyAsync(scim, text, "p"));
            Assert.Null(await VerifyAsync(scim, "a", text));
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_7_8_one_password_typed_in_two_ways_is_one_password(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync("a", """ "password":"caf\u00e9 \u00a0x" """);

        Assert.NotNull(await VerifyAsync(scim, "A", "cafe\u0301\u3000 x"));
        Assert.Null(await VerifyAsync(scim, "A", "Caf\u00e9  x"));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task An_old_hash_is_renewed_without_a_version_or_a_change_record(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("a", """ "password":"p" """);
        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        var user = context.Resources.Where(row => row.Id == Guid.Parse(id));
        var old = new PasswordHasher<ResourceRow>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })).HashPassword(null!, "p");
        await user.ExecuteUpdateAsync(set => set.SetProperty(row => row.PasswordHash, old));

        Assert.Null(await VerifyAsync(scim, "a", "wrong"));
        Assert.Equal(old, (await user.SingleAsync()).PasswordHash);
        Assert.NotNull(await VerifyAsync(scim, "a", "p"));

        var renewed = await user.SingleAsync();
        Assert.NotEqual(old, renewed.PasswordHash);
        Assert.Equal(1, renewed.Version);
        Assert.Equal(1, await context.Changes.CountAsync());
        Assert.NotNull(await VerifyAsync(scim, "a", "p"));
        Assert.Equal(renewed.PasswordHash, (await user.SingleAsync()).PasswordHash);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Only_a_salted_hash_is_stored(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserIdAsync("a", """ "password":"s3cret" """);
        await scim.CreateUserIdAsync("b", """ "password":"s3cret" """);
        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);

        var hashes = await context.Resources.Select(row => row.PasswordHash!).ToListAsync();

        Assert.Equal(2, hashes.Distinct().Count());
        Assert.All(hashes, hash => Assert.DoesNotContain("s3cret", hash, StringComparison.Ordinal));
    }

    private static async Task AssertPasswordAsync(ScimClient scim, Guid id, string password, string? not = null)
    {
        Assert.Equal(id, await VerifyAsync(scim, "ADA@example.com", password));
        Assert.True(await Of(scim).VerifyAsync(scim.Tenant.Id, id, password, default));
        if (not is not null)
        {
            Assert.Null(await VerifyAsync(scim, "ada@example.com", not));
            Assert.False(await Of(scim).VerifyAsync(scim.Tenant.Id, id, not, default));
        }
    }

    private static Task<Guid?> VerifyAsync(ScimClient scim, string userName, string password) =>
        Of(scim).VerifyAsync(scim.Tenant.Id, userName, password, default);

    private static Verifier Of(ScimClient scim) => scim.Server.Services.GetRequiredService<Verifier>();
}
