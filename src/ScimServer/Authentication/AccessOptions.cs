namespace ScimServer.Authentication;

/// <summary>Tokens and tenants; section <c>Access</c> of the configuration.</summary>
public sealed class AccessOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "Access";

    /// <summary>Every how many seconds it is written down when tokens were last used. Default 60.</summary>
    public int LastUseEverySeconds { get; set; } = 60;
}
