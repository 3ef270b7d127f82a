using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;
using Scim.Errors;
using ScimServer.Authentication;
using ScimServer.Http;

namespace ScimServer.OAuth;

/// <summary>Why the token endpoint gives nothing (RFC 6749 §5.2).</summary>
internal sealed record TokenRefusal([property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description)
{
    private const string InvalidClient = "invalid_client";
    private const string Unknown = "The client is not known, its secret is wrong, expired or revoked, or it is disabled.";

    public static TokenRefusal UnknownClient { get; } = new(InvalidClient, Unknown) { Status = StatusCodes.Status401Unauthorized };

    public static TokenRefusal TooManyFailures { get; } = new("temporarily_unavailable", "Too many clients that are not accepted.") { Status = StatusCodes.Status429TooManyRequests };

    [JsonIgnore]
    public int Status { get; private init; } = StatusCodes.Status400BadRequest;

    [JsonIgnore]
    public string? RetryAfter { get; private init; }

    /// <summary>An error that the server found before or behind the endpoint.</summary>
    public static TokenRefusal Of(HttpContext context, ScimError error) => new(Code(error.Status), error.Detail)
    {
        Status = error.Status,
        RetryAfter = context.Response.Headers.RetryAfter,
    };

    public static TokenRefusal OtherGrant(bool isGiven) => new(isGiven ? "unsupported_grant_type" : "invalid_request", "The grant_type must be client_credentials.");

    public static TokenRefusal Unavailable(string description, string retryAfter) =>
        new("temporarily_unavailable", description) { Status = StatusCodes.Status503ServiceUnavailable, RetryAfter = retryAfter };

    /// <summary>There cannot be such a client: nothing is guessed by it, so it is not counted.</summary>
    public static TokenRefusal OfClient(HttpContext context, string description = Unknown)
    {
        ScimRequestTrace.Of(context).Refusal ??= "a client was not accepted at the token endpoint: it is not known or disabled, or its secret is wrong, expired or revoked";
        return NotAuthenticated(context, description);
    }

    /// <summary>The client is not the one that it claims to be, by the secret or assertion that it showed: counted as a wrong token is.</summary>
    public static TokenRefusal OfClient(HttpContext context, FailureLimit failures, string credential, string description = Unknown)
    {
        var refusal = OfClient(context, description);
        return failures.Count(context.Connection.RemoteIpAddress, credential) is { } wait ? TooManyFailures with { RetryAfter = TokenLimit.Seconds(wait) } : refusal;
    }

    /// <summary>401 for a client that used the Authorization header, 400 for all others.</summary>
    public static TokenRefusal NotAuthenticated(HttpContext context, string description) =>
        new(InvalidClient, description)
        {
            Status = context.Request.Headers.ContainsKey(HeaderNames.Authorization) ? StatusCodes.Status401Unauthorized : StatusCodes.Status400BadRequest,
        };

    /// <summary>Sets status and headers.</summary>
    public void Apply(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        response.Headers.RetryAfter = RetryAfter;
        response.Headers.WWWAuthenticate = Status == StatusCodes.Status401Unauthorized ? $"Basic realm=\"{AccessTokenDefaults.Realm}\"" : default;
    }

    private static string Code(int status) => status switch
    {
        StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests => "temporarily_unavailable",
        >= StatusCodes.Status500InternalServerError => "server_error",
        _ => "invalid_request",
    };

    public Task WriteAsync(HttpContext context)
    {
        Apply(context);
        return context.Response.WriteAsJsonAsync(this, context.RequestAborted);
    }
}
