using Microsoft.OpenApi;

namespace ScimServer.Swagger;

/// <summary>The headers of answers.</summary>
internal static class ResponseHeaders
{
    public const string ETag = "ETag";
    public const string Location = "Location";
    public const string WwwAuthenticate = "WWW-Authenticate";
    public const string RetryAfter = "Retry-After";

    public static Dictionary<string, IOpenApiHeader>? Of(ReadOnlySpan<string> names)
    {
        if (names.IsEmpty)
        {
            return null;
        }

        var headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            headers.Add(name, Describe(name));
        }

        return headers;
    }

    private static OpenApiHeader Describe(string name) => name switch
    {
        ETag => Text("The version of the resource, equal to meta.version.", "W/\"1\""),
        Location => Text("The address of the resource, equal to meta.location.", $"{ExampleFile.BaseUrl}/Users/{ExampleFile.UserId}"),
        WwwAuthenticate => Text("How to authenticate (RFC 6750).", "Bearer realm=\"scim\""),
        RetryAfter => Text("Seconds to wait before trying again.", "5"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static OpenApiHeader Text(string description, string example) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = example,
    };
}
