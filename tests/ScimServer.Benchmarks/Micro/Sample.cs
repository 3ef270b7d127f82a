using System.Text;
using System.Text.Json.Nodes;
using Scim;
using Scim.Dialects;
using Scim.EntityFrameworkCore.Resources;
using Scim.EntityFrameworkCore.Rows;
using Scim.Projections;
using Scim.Resources;
using Scim.Schemas;
using ScimServer.Http;

namespace ScimServer.Benchmarks.Micro;

/// <summary>One user of the benchmarks in each of the forms that it takes on its way.</summary>
internal static class Sample
{
    public static readonly ScimLimits Limits = new();

    public static readonly SchemaRegistry Schemas = SchemaRegistry.Create(new SchemaOptions());

    public static readonly ResourceType User = Schemas.FindResourceType("User")!;

    public static readonly RequestDialect Dialect = new(new DialectOptions());

    public static readonly ResourceAddress Address = new("https://scim.example.com/scim/v2", Schemas);

    /// <summary>The body of a request.</summary>
    public static readonly byte[] Utf8 = Encoding.UTF8.GetBytes(People.User(4_711).ToJsonString());

    public static readonly ResourceDocument Document = Read();

    public static JsonObject Json() => JsonObject.Create(JsonBody.Parse(Utf8, Limits.MaxJsonDepth))!;

    public static ResourceDocument Read() => ResourceReader.Read(User, Json(), RequestKind.Create).Document;

    public static ResourceRow Row(ResourceDocument document)
    {
        var row = new ResourceRow { TenantId = 1, Id = People.UserId(4_711), Type = "User", Created = People.Created(4_711), LastModified = People.Created(4_711), Version = 1, Document = [], Search = "" };
        ResourceKeys.Fill(row, document, Limits);
        return row;
    }
}
