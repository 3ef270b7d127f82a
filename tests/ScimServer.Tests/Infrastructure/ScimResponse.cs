using System.Text.Json;
using System.Text.Json.Nodes;

namespace ScimServer.Tests.Infrastructure;

/// <summary>An answer, read to its end.</summary>
internal sealed record ScimResponse(int Status, string Text, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body as a JSON object.</summary>
    public JsonObject Object => JsonNode.Parse(Text)!.AsObject();

    public JsonArray Array => JsonNode.Parse(Text)!.AsArray();

    /// <summary>The body without the reference of the request, which no two errors share.</summary>
    public string TextWithoutReference => Text.Replace($" (ref {Header("X-Correlation-Id")})", "", StringComparison.Ordinal);

    public string? ETag => Header("ETag");

    public string? Location => Header("Location");

    /// <summary>The resources of a list.</summary>
    public JsonArray Resources => Object[nameof(Resources)]!.AsArray();

    public string[] Ids => [.. Resources.Select(resource => (string)resource!["id"]!)];

    public static async Task<ScimResponse> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var text = await response.Content.ReadAsStringAsync();
        UsedValues.AddFromAnswer(text);
        return new ScimResponse((int)response.StatusCode, text, response.Content.Headers.ContentType?.MediaType, headers);
    }

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Fails the test unless the status is one of these; the body is part of the failure.</summary>
    public ScimResponse Expect(params int[] statuses)
    {
        Assert.True(statuses.Contains(Status), $"Expected {string.Join(" or ", statuses)}, saw {Status}: {Text}");
        return this;
    }

    /// <summary>Fails the test unless the answer is a SCIM error (RFC 7644 §3.12) of that status and scimType, with the reference of the request at its end; gives its detail without it.</summary>
    public string ExpectError(int status, string? scimType = null)
    {
        Expect(status);
        Assert.Equal(ScimClient.MediaType, ContentType);
        var error = Object;
        Assert.Equal("""["urn:ietf:params:scim:api:messages:2.0:Error"]""", error["schemas"]!.ToJsonString());
        Assert.Equal(JsonValueKind.String, error["status"]!.GetValueKind());
        Assert.Equal(status.ToString(System.Globalization.CultureInfo.InvariantCulture), (string?)error["status"]);
        Assert.Equal(scimType, (string?)error["scimType"]);
        return WithoutReference((string)error["detail"]!, Header("X-Correlation-Id")!);
    }

    /// <summary>The detail of an error without the reference at its end, which has to be there.</summary>
    public static string WithoutReference(string detail, string reference)
    {
        Assert.EndsWith($" (ref {reference})", detail, StringComparison.Ordinal);
        return detail[..^$" (ref {reference})".Length];
    }
}
