namespace ScimServer.Startup;

/// <summary>The addresses that a server listens on, as someone on the same machine writes them.</summary>
internal static class ListeningAddress
{
    /// <summary>Kestrel's own default.</summary>
    public const string Default = "http://localhost:5000";

    private static readonly string[] Wildcards = ["://[::]", "://0.0.0.0", "://+", "://*"];

    /// <summary>
    /// Where a server with these settings is asked, as Kestrel reads them: its endpoints win over <c>urls</c>, and these over ports. Of several,
    /// the one without TLS.
    /// </summary>
    public static string Of(IConfiguration configuration)
    {
        string[] addresses =
        [
            .. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>(),
        ];
        if (addresses.Length == 0)
        {
            addresses = Split(configuration[WebHostDefaults.ServerUrlsKey]);
        }

        if (addresses.Length == 0)
        {
            addresses =
            [
                .. Split(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://localhost:{port}"),
                .. Split(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://localhost:{port}"),
            ];
        }

        return Choose(addresses);
    }

    /// <summary>Of several addresses the one to be asked from the same machine.</summary>
    public static string Choose(IEnumerable<string> addresses)
    {
        var all = addresses.ToList();
        return ToLocalhost(all.Find(address => address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) ?? all.FirstOrDefault() ?? Default);
    }

    private static string[] Split(string? list) => list?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

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
