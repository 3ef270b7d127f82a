namespace ScimServer.Startup;

/// <summary>What the first start does; section <c>Scim</c> of the configuration.</summary>
public sealed class StartupOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "Scim";

    /// <summary>
    /// The token of the tenant that the first start creates, for automation: 16 to 512 printable ASCII characters without
    /// blanks. Looked at only while the database has no tenant. Unset: a token is made and printed once.
    /// </summary>
    public string? BootstrapToken { get; set; }
}
