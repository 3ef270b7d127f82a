namespace ScimServer.Startup;

/// <summary>The addresses that a server listens on, as someone on the same machine writes them.</summary>
internal static class ListeningAddress
{
    /// <summary>Kestrel's own default.</summary>
    public const string Default = "http://localhost:5000";

    private static readonly string[] Wildcards = ["://[::]", "://0.0.0.0", "://+", "://*"];

    /// <summary>The address with a host that a client can ask: a wildcard is where to listen, not where to go.</summary>
    public static string ToLocalhost(string address)
    {
        foreach (var wildcard in Wildcards)
        {
            address = address.Replace(wildcard, "://localhost", StringComparison.Ordinal);
        }

        return address.TrimEnd('/');
    }
}
