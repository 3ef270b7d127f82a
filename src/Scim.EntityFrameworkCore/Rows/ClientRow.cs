using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpenIddict.EntityFrameworkCore.Models;
using Scim.EntityFrameworkCore.Access;

namespace Scim.EntityFrameworkCore.Rows;

/// <summary>
/// A client of the token endpoint (RFC 6749 §4.4), which belongs to a tenant: what OpenIddict calls an application. Of OpenIddict's columns there are those that
/// this server uses; its secrets are rows of their own (<see cref="ClientSecretRow"/>), since two have to be valid at once while they are rotated.
/// </summary>
public sealed class ClientRow : OpenIddictEntityFrameworkCoreApplication<Guid, ClientAuthorization, ClientToken>
{
    /// <summary>The tenant.</summary>
    public required int TenantId { get; init; }

    /// <summary>What its access tokens allow at most.</summary>
    public required AccessScopes Scopes { get; init; }

    /// <summary>The kind of identity provider that it was made for; null when nobody said.</summary>
    public string? IdentityProvider { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Since when it and its access tokens are refused; null while they are accepted.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}

/// <summary>OpenIddict wants a type for the consents of users. Client credentials need none, so nothing of this is stored.</summary>
public sealed class ClientAuthorization : OpenIddictEntityFrameworkCoreAuthorization<Guid, ClientRow, ClientToken>;

/// <summary>OpenIddict wants a type for stored tokens. Ours are signed and ended by what they were got with, so nothing of this is stored.</summary>
public sealed class ClientToken : OpenIddictEntityFrameworkCoreToken<Guid, ClientRow, ClientAuthorization>;

internal sealed class ClientRowConfiguration : IEntityTypeConfiguration<ClientRow>
{
    public void Configure(EntityTypeBuilder<ClientRow> builder)
    {
        builder.ToTable("clients");
        builder.HasKey(row => new { row.TenantId, row.Id });
        builder.Property(row => row.ClientId).IsRequired();
        builder.Property(row => row.ClientType).IsRequired();
        builder.Property(row => row.DisplayName).IsRequired();
        builder.Property(row => row.Scopes).HasConversion(scopes => AccessScopeNames.Format(scopes), text => AccessScopeNames.Parse(text));
        builder.Ignore(row => row.Authorizations).Ignore(row => row.Tokens).Ignore(row => row.ClientSecret).Ignore(row => row.ConcurrencyToken);
        builder.Ignore(row => row.ApplicationType).Ignore(row => row.ConsentType).Ignore(row => row.DisplayNames).Ignore(row => row.JsonWebKeySet);
        builder.Ignore(row => row.Permissions).Ignore(row => row.Properties).Ignore(row => row.Requirements).Ignore(row => row.Settings);
        builder.Ignore(row => row.RedirectUris).Ignore(row => row.PostLogoutRedirectUris);

        // Looked up before the tenant is known, so this one index does not begin with it.
        builder.HasIndex(row => row.ClientId).IsUnique();
    }
}
