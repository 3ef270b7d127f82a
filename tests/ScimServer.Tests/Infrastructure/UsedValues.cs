using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Scim.Schemas;
using ScimServer.Provisioning;

namespace ScimServer.Tests.Infrastructure;

/// <summary>
/// The secrets and personal values that this run uses: what any <see cref="HttpClient"/> of the process sends as credential, password or attribute that tells of a
/// person, and the secrets that servers give out. Collected for <see cref="RunLog"/>.
/// </summary>
internal static class UsedValues
{
    /// <summary>Shorter ones are parts of words.</summary>
    public const int MinLength = 8;

    private const int MaxBody = 256 * 1024;

    private static readonly HashSet<string> Secrets = new(
        ["password", "secret", "token", "access_token", "client_secret", "client_assertion", "assertion", "authorization_header"], StringComparer.OrdinalIgnoreCase);

    /// <summary>What every log line names: it is no secret, and where a test makes it a userName too the log says it for another reason.</summary>
    private static readonly HashSet<string> Known = new(["operations", "receiver", "scim:read", "scim:write"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Tests give attributes the names of attributes as values, and the log names attributes.</summary>
    private static readonly KnownWords Words = new(SchemaRegistry.Create(new SchemaOptions()), ofPaths: []);

    private static readonly HashSet<string> All = new(StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyCollection<string> Snapshot()
    {
        lock (All)
        {
            return [.. All];
        }
    }

    /// <summary>Adds a value, if it is long enough to be told from other words.</summary>
    public static void Add(string? value)
    {
        if (value is { Length: >= MinLength } && !Known.Contains(value) && !value.Split('.').All(Words.Has) && !Guid.TryParse(value, out _) && !value.StartsWith("urn:", StringComparison.OrdinalIgnoreCase))
        {
            lock (All)
            {
                All.Add(value);
            }
        }
    }

    /// <summary>Adds what a credential holds: the whole, and of a JWT the parts that nobody else has.</summary>
    public static void AddCredential(string? credential)
    {
        Add(credential);
        foreach (var part in credential?.Split('.') is [_, var payload, var signature] ? (string[])[payload, signature] : [])
        {
            Add(part);
        }
    }

    /// <summary>Adds the secrets that an answer gives out.</summary>
    public static void AddFromAnswer(string text)
    {
        if (text.Length is > 2 and < MaxBody && text[0] == '{' && (text.Contains("secret", StringComparison.OrdinalIgnoreCase) || text.Contains("token", StringComparison.Ordinal)))
        {
            TryRead(text, root => AddSecrets(root));
        }
    }

    [ModuleInitializer]
    internal static void Watch() => DiagnosticListener.AllListeners.Subscribe(new Listeners());

    private static void AddFromRequest(HttpRequestMessage request)
    {
        AddCredential(request.Headers.TryGetValues("Authorization", out var credentials) ? credentials.First().Split(' ')[^1] : null);
        var query = Uri.UnescapeDataString(request.RequestUri?.Query ?? "");
        foreach (var literal in query.Split('"').Where((_, index) => index % 2 == 1).Where(literal => literal.Contains('@', StringComparison.Ordinal)))
        {
            Add(literal);
        }

        // What is in memory anyway; reading anything else would change how it is sent.
        if (request.Content is ByteArrayContent { Headers.ContentLength: > 2 and < MaxBody } content)
        {
            AddFromBody(request.RequestUri!.AbsolutePath, Encoding.UTF8.GetString(content.ReadAsByteArrayAsync().GetAwaiter().GetResult()));
        }
    }

    private static void AddFromBody(string path, string body)
    {
        if (body[0] != '{')
        {
            foreach (var field in body.Contains('=', StringComparison.Ordinal) && body[0] != '[' ? body.Split('&').Select(field => field.Split('=')).Where(field => field.Length == 2) : [])
            {
                if (Secrets.Contains(field[0]))
                {
                    AddCredential(Uri.UnescapeDataString(field[1]));
                }
            }

            return;
        }

        TryRead(body, root =>
        {
            AddSecrets(root);
            if (path.Contains("/Users", StringComparison.OrdinalIgnoreCase))
            {
                AddPersonal(root);
            }
            else if (path.EndsWith("/Bulk", StringComparison.OrdinalIgnoreCase) && root.TryGetProperty("Operations", out var operations) && operations.ValueKind == JsonValueKind.Array)
            {
                foreach (var data in operations.EnumerateArray().Where(operation => operation.ValueKind == JsonValueKind.Object && operation.TryGetProperty("path", out var to)
                    && to.ValueKind == JsonValueKind.String && to.GetString()!.StartsWith("/Users", StringComparison.OrdinalIgnoreCase)))
                {
                    AddPersonal(data);
                }
            }
        });
    }

    private static void AddSecrets(JsonElement element, bool isSecret = false)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var path = element.TryGetProperty("path", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
                foreach (var member in element.EnumerateObject())
                {
                    AddSecrets(member.Value, isSecret || Secrets.Contains(member.Name) || (member.Name == "value" && path is not null && Secrets.Contains(path)));
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    AddSecrets(item, isSecret);
                }

                break;
            case JsonValueKind.String when isSecret:
                AddCredential(element.GetString()!.Split(' ')[^1]);
                break;
            default:
                break;
        }
    }

    private static void AddPersonal(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var isShared = element.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String && path.GetString()!.Split(':', '.', '[').Any(SharedAttributes.Has);
                foreach (var member in element.EnumerateObject().Where(member => !SharedAttributes.Has(member.Name) && !(isShared && member.Name == "value") && member.Name is not ("op" or "path" or "method" or "bulkId")))
                {
                    AddPersonal(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    AddPersonal(item);
                }

                break;
            case JsonValueKind.String:
                Add(element.GetString());
                break;
            default:
                break;
        }
    }

    private static void TryRead(string json, Action<JsonElement> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Tests send what is no JSON, and what is no text.
        }
    }

    private sealed class Listeners : IObserver<DiagnosticListener>
    {
        public void OnNext(DiagnosticListener value)
        {
            // The event alone: whoever listens to the activity makes every client send a traceparent.
            if (value.Name == "HttpHandlerDiagnosticListener")
            {
                value.Subscribe(new Requests(), name => name == Requests.Event);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private sealed class Requests : IObserver<KeyValuePair<string, object?>>
    {
        public const string Event = "System.Net.Http.Request";

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == Event && value.Value?.GetType().GetProperty("Request")?.GetValue(value.Value) is HttpRequestMessage request)
            {
                AddFromRequest(request);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
