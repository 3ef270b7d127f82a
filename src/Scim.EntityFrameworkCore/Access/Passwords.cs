using System.Globalization;
using System.Linq.Expressions;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>
/// Hashes the passwords that clients provision, and verifies them for a host that lets users sign in. SCIM itself has no
/// operation that does so: nothing over HTTP calls it.
/// </summary>
/// <example><code>
/// var passwords = services.GetRequiredService&lt;Passwords&gt;();
/// var user = await passwords.VerifyAsync(tenant.Id, "bjensen", typed, cancellationToken);   // her id, or null
/// </code></example>
public sealed class Passwords
{
    private static readonly PasswordHasher<ResourceRow> Hasher = new();

    /// <summary>What is compared for users without a password, so that they take as long as others.</summary>
    private static readonly string NoPassword = Hash(Guid.CreateVersion7().ToString());

    private readonly ScimDatabase database;
    private readonly SchemaRegistry schemas;

    /// <summary>Made by the container.</summary>
    public Passwords(ScimDatabase database, SchemaRegistry schemas)
    {
        this.database = database;
        this.schemas = schemas;
    }

    /// <summary>
    /// The id of the user with that userName, in any case, when the password is the user's and the user is active; else null.
    /// Why it is null cannot be told from the answer, nor from the time that it takes.
    /// </summary>
    public Task<Guid?> VerifyAsync(int tenantId, string userName, string password, CancellationToken cancellationToken)
    {
        var key = Folding.Fold(WellFormed(userName));
        return VerifyAsync(tenantId, row => row.UniqueKey == key, password, cancellationToken);
    }

    /// <summary>True when the password is that of the user with the id and the user is active.</summary>
    public async Task<bool> VerifyAsync(int tenantId, Guid id, string password, CancellationToken cancellationToken) =>
        await VerifyAsync(tenantId, row => row.Id == id, password, cancellationToken) is not null;

    /// <summary>The salted hash of a password, as it is stored.</summary>
    internal static string Hash(string password) => Hasher.HashPassword(null!, Prepare(password));

    private async Task<Guid?> VerifyAsync(int tenantId, Expression<Func<ResourceRow, bool>> isUser, string password, CancellationToken cancellationToken)
    {
        // A unique key is unique among the resources of one type.
        var type = schemas.ResourceTypes.First(candidate => candidate.Schema.Id == SchemaUrns.User).Name;
        await using var context = database.Open(tenantId);
        var user = await context.Resources
            .Where(row => row.Type == type)
            .Where(isUser)
            .Select(row => new { row.Id, row.Active, row.PasswordHash })
            .SingleOrDefaultAsync(cancellationToken);
        var result = Hasher.VerifyHashedPassword(null!, user?.PasswordHash ?? NoPassword, Prepare(password));
        if (result == PasswordVerificationResult.Failed || user is not { PasswordHash: { } hash, Active: true })
        {
            return null;
        }

        if (result == PasswordVerificationResult.SuccessRehashNeeded)
        {
            await RehashAsync(context, user.Id, hash, password, cancellationToken);
        }

        return user.Id;
    }

    /// <summary>
    /// Stores the same password hashed as passwords are hashed today. Nothing has changed for anyone who can read the user:
    /// no new version, no change record. A password that was changed in the meantime stays.
    /// </summary>
    private async Task RehashAsync(ScimDbContext context, Guid id, string oldHash, string password, CancellationToken cancellationToken)
    {
        var newHash = Hash(password);
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await context.Resources
            .Where(row => row.Id == id && row.PasswordHash == oldHash)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.PasswordHash, newHash), CancellationToken.None);
    }

    /// <summary>
    /// As strings are prepared before they are compared (RFC 7644 §7.8; OpaqueString of RFC 8265 §4.2.2): every kind of blank
    /// is a space, and é is one value however it was typed.
    /// </summary>
    private static string Prepare(string password) => Folding.Normalize(string.Create(password.Length, WellFormed(password), static (prepared, source) =>
    {
        for (var i = 0; i < prepared.Length; i++)
        {
            prepared[i] = char.GetUnicodeCategory(source[i]) == UnicodeCategory.SpaceSeparator ? ' ' : source[i];
        }
    }));

    /// <summary>What cannot be stored is no name and no password of anyone: halves of surrogate pairs and U+0000.</summary>
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
