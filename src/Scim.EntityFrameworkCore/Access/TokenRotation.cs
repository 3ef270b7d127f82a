using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>
/// Gives a token a successor with the same name, scopes and tenant. Both are accepted until the overlap ends, so that the
/// identity provider can be changed over without a refused request.
/// </summary>
public sealed class TokenRotation
{
    private readonly ScimDatabase database;
    private readonly AcceptedTokens accepted;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public TokenRotation(ScimDatabase database, AcceptedTokens accepted, TimeProvider time)
    {
        this.database = database;
        this.accepted = accepted;
        this.time = time;
    }

    /// <summary>Makes the successor, and lets the token expire when the overlap ends.</summary>
    /// <param name="id">The token.</param>
    /// <param name="overlap">How long the token is still accepted; never longer than it would have been.</param>
    /// <param name="expiresAt">When the successor expires; null: as long after now as the token did after it was made.</param>
    /// <param name="cancellationToken">Heeded until the first write.</param>
    /// <exception cref="AccessException">There is no such token, or it is expired, revoked or has a successor already.</exception>
    public async Task<IssuedToken> RotateAsync(Guid id, TimeSpan overlap, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var before = await TokenOfTenant.Join(context).SingleOrDefaultAsync(pair => pair.Token.Id == id, cancellationToken)
            ?? throw AccessException.NoToken(id);
        var now = time.GetUtcNow();
        ThrowIfEnded(before.Token, now);
        var secret = TokenSecret.Create();
        var successor = Successor(before.Token, secret, now, expiresAt);
        context.AccessTokens.Add(successor);
        AdminLog.Note(context, now, "token.rotate", before.Tenant?.Name, id, $"{successor.Name}, replaced by {successor.Id}");
        await context.SaveChangesAsync(CancellationToken.None);

        // Of two rotations at once the second finds a successor here, and undoes its own.
        var ends = Earlier(before.Token.ExpiresAt, now + overlap);
        var changed = await context.AccessTokens
            .Where(token => token.TenantId == before.Token.TenantId && token.Id == id && token.ReplacedBy == null && token.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.ReplacedBy, successor.Id).SetProperty(token => token.ExpiresAt, ends), CancellationToken.None);
        if (changed == 0)
        {
            throw new AccessException($"The token {id} was rotated or revoked at the same time.") { Fault = AccessFault.Conflict };
        }

        await transaction.CommitAsync(CancellationToken.None);
        accepted.Forget();
        return new IssuedToken(new TokenOfTenant { Token = successor, Tenant = before.Tenant }.ToToken(), secret);
    }

    private static void ThrowIfEnded(AccessTokenRow token, DateTimeOffset now)
    {
        var reason = token switch
        {
            { RevokedAt: not null } => "is revoked",
            { ReplacedBy: { } successor } => $"was rotated already; its successor is {successor}",
            { ExpiresAt: { } at } when at <= now => "has expired",
            _ => null,
        };
        if (reason is not null)
        {
            throw new AccessException($"The token {token.Id} {reason}. Make a new one.") { Fault = AccessFault.Conflict };
        }
    }

    private static AccessTokenRow Successor(AccessTokenRow token, string secret, DateTimeOffset now, DateTimeOffset? expiresAt) => new()
    {
        TenantId = token.TenantId,
        Id = Guid.CreateVersion7(now),
        Name = token.Name,
        Hash = TokenSecret.Hash(secret),
        Scopes = token.Scopes,
        IdentityProvider = token.IdentityProvider,
        Created = now,
        ExpiresAt = expiresAt ?? (token.ExpiresAt is { } ended ? now + (ended - token.Created) : null),
    };

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;
}
