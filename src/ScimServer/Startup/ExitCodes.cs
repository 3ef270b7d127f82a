namespace ScimServer.Startup;

/// <summary>What the process tells whoever started it.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The request was understood and could not be carried out. The reason is on standard error.</summary>
    public const int Failure = 1;
}
