using System.Text.Json.Nodes;
using CsCheck;
using Scim.Dialects;
using Scim.Errors;
using Scim.Patching;
using Scim.Paths;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Tests.Patching;

/// <summary>What holds for every PATCH, on generated documents and operations, sensible and senseless.</summary>
public sealed class PatchProperties
{
    private static readonly ScimLimits Limits = new();
    private static readonly SchemaRegistry Registry = SchemaRegistry.Create(new SchemaOptions());
    private static readonly ResourceType User = Registry.FindResourceType("User")!;
    private static readonly RequestDialect Dialect = new(new DialectOptions());

    private static readonly Gen<string> Text = Gen.OneOf("a", "B", "work", "home", "ä", "x@y.z");
    private static readonly Gen<JsonNode?> Scalar = Gen.OneOf(
        Text.Select(text => (JsonNode?)text),
        Gen.Bool.Select(flag => (JsonNode?)flag),
        Gen.OneOf<JsonNode?>(null, "", "True", 5, 1.5));

    private static readonly Gen<string> SubName = Gen.OneOf("value", "type", "primary", "display", "formatted", "givenName", "fancy");
    private static readonly Gen<JsonNode?> Complex = Gen.Select(SubName, Scalar).List[0, 3].Select(Object);
    private static readonly Gen<JsonNode?> Value = Gen.OneOf(Scalar, Complex, Gen.OneOf(Scalar, Complex).Array[0, 3].Select(Array));

    private static readonly Gen<string> PathText = Gen.OneOf(
        "title", "userName", "active", "password", "externalId", "name", "name.givenName", "emails", "emails.value", "emails[type eq \"work\"]",
        "emails[type eq \"work\"].value", "emails[value co \"a\"].primary", "emails[primary eq \"True\"].value", "addresses[type eq \"home\"].formatted",
        "roles", "roles[value eq \"a\" or type pr]", "id", "meta", "groups", "schemas", "fancy", "urn:x:y:z:a", SchemaUrns.EnterpriseUser,
        SchemaUrns.EnterpriseUser + ":manager", SchemaUrns.EnterpriseUser + ":department", "manager.value", SchemaUrns.User, SchemaUrns.User + ":title");

    private static readonly Gen<JsonNode> Operation = Gen.Select(
        Gen.OneOf("add", "remove", "Replace"), PathText, Value, Gen.Int[0, 5], (op, path, value, form) => (JsonNode)(form switch
        {
            0 => new JsonObject { ["op"] = op, ["value"] = new JsonObject { [path] = value?.DeepClone() } },
            1 => new JsonObject { ["op"] = "remove", ["path"] = path },
            _ => new JsonObject { ["op"] = op, ["path"] = path, ["value"] = value?.DeepClone() },
        }));

    private static readonly Gen<JsonObject> Message = Operation.Array[1, 6].Select(operations => new JsonObject
    {
        ["schemas"] = new JsonArray(PatchRequest.SchemaUrn),
        ["Operations"] = Array(operations),
    });

    /// <summary>Documents are made by patching, so that they have every form that patches meet.</summary>
    private static readonly Gen<ResourceDocument> Document = Operation.Array[0, 8].Select(operations =>
    {
        var document = new ResourceDocument(User, new JsonObject { ["userName"] = "u", ["active"] = true });
        foreach (var operation in operations)
        {
            document = TryApply(new JsonObject { ["schemas"] = new JsonArray(PatchRequest.SchemaUrn), ["Operations"] = new JsonArray(operation.DeepClone()) }, document)?.Document ?? document;
        }

        return document;
    });

    [Fact]
    public void A_patch_leads_to_a_valid_document_or_to_a_refusal_and_never_touches_what_it_was_given() =>
        Gen.Select(Document, Message).Sample(
            (document, message) =>
            {
                var before = document.Root.ToJsonString();
                var outcome = TryApply(message, document);
                Assert.Equal(before, document.Root.ToJsonString());
                if (outcome is null)
                {
                    return;
                }

                ResourceValidator.Validate(outcome.Document);
                AssertCanonical(outcome.Document);
                Assert.Equal(outcome.DocumentChanged, !document.SameAs(outcome.Document));
                Assert.Equal(outcome.DocumentChanged, outcome.ChangedPaths.Any(path => path != "password"));
            },
            iter: 4_000);

    [Fact]
    public void A_patch_that_is_repeated_changes_nothing_more() =>
        Gen.Select(Document, Gen.Select(Gen.OneOf("replace", "add"), PathText, Value)).Sample(
            (document, operation) =>
            {
                var (op, path, value) = operation;
                var message = MessageOf(new JsonObject { ["op"] = op, ["path"] = path, ["value"] = value?.DeepClone() });
                if (TryApply(message, document) is { } once && TryApply(message, once.Document) is { } twice)
                {
                    Assert.True(once.Document.SameAs(twice.Document), $"{once.Document.Root} / {twice.Document.Root}");
                    Assert.False(twice.DocumentChanged);
                }
            },
            iter: 2_000);

    [Fact]
    public void Without_a_path_a_value_means_the_same_as_with_one() =>
        Gen.Select(Document, Gen.Select(Gen.OneOf("replace", "add"), PathText, Value)).Sample(
            (document, operation) =>
            {
                var (op, path, value) = operation;
                var pathed = TryApply(MessageOf(new JsonObject { ["op"] = op, ["path"] = path, ["value"] = value?.DeepClone() }), document);
                var pathless = TryApply(MessageOf(new JsonObject { ["op"] = op, ["value"] = new JsonObject { [path] = value?.DeepClone() } }), document);
                if (pathed is not null)
                {
                    Assert.Equal(pathed.Document.Root.ToJsonString(), pathless?.Document.Root.ToJsonString());
                    Assert.Equal(pathed.Password, pathless?.Password);
                }
            },
            iter: 2_000);

    [Fact]
    public void Replacing_what_changed_by_what_was_there_restores_the_document() =>
        Gen.Select(Document, Message).Sample(
            (document, message) =>
            {
                if (TryApply(message, document) is not { DocumentChanged: true } outcome)
                {
                    return;
                }

                var inverse = outcome.ChangedPaths.Where(path => path != "password").Select(path => Inverse(document, path)).ToArray();
                var restored = TryApply(MessageOf(inverse), outcome.Document);
                Assert.True(document.SameAs(restored!.Document), $"{document.Root} / {restored.Document.Root}");
            },
            iter: 2_000);

    private static JsonObject Inverse(ResourceDocument before, string path)
    {
        var resolved = PathResolver.Resolve(User, path)!;
        var owner = resolved.Extension is null ? before.Root : before.Root[resolved.Extension.Id] as JsonObject;
        var value = owner?[resolved.Attribute!.Name];
        value = resolved.SubAttribute is null ? value : value?[resolved.SubAttribute.Name];
        return new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value?.DeepClone() };
    }

    private static PatchOutcome? TryApply(JsonObject message, ResourceDocument document)
    {
        var body = message.DeepClone().AsObject();
        Dialect.NormalizePatch(User, body, new List<string>());
        try
        {
            return PatchEngine.Apply(PatchRequest.Parse(body, Limits), document);
        }
        catch (ScimException refused)
        {
            Assert.Equal(400, refused.Error.Status);
            return null;
        }
    }

    /// <summary>Reading the document as a client's PUT gives the same document: names, types and emptiness are canonical.</summary>
    private static void AssertCanonical(ResourceDocument document)
    {
        var read = ResourceReader.Read(User, document.Root.DeepClone().AsObject(), RequestKind.Replace);
        Assert.True(document.SameAs(read.Document), $"{document.Root} / {read.Document.Root}");
        Assert.Null(read.Password);
        Assert.Empty(read.Ignored);
    }

    private static JsonObject MessageOf(params JsonObject[] operations) => new()
    {
        ["schemas"] = new JsonArray(PatchRequest.SchemaUrn),
        ["Operations"] = new JsonArray([.. operations.Cast<JsonNode?>()]),
    };

    private static JsonNode? Object(List<(string Name, JsonNode? Value)> members)
    {
        var result = new JsonObject();
        foreach (var (name, value) in members)
        {
            result[name] = value?.DeepClone();
        }

        return result;
    }

    private static JsonNode? Array(JsonNode?[] items) => new JsonArray([.. items.Select(item => item?.DeepClone())]);
}
