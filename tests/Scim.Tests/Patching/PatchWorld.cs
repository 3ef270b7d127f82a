using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Patching;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Tests.Patching;

/// <summary>
/// The resources that the grid patches, by name, and what becomes of them as text. A machine has what users lack: values that are
/// immutable, simple values, readOnly parts of an extension.
/// </summary>
internal static class PatchWorld
{
    private static readonly ScimLimits Limits = new();

    private static readonly ResourceType Machine = new()
    {
        Name = "Machine",
        Endpoint = "/Machines",
        Schema = SchemaReader.Read("""
            {"id":"urn:example:Machine","name":"Machine","attributes":[
              {"name":"serial","type":"string","mutability":"immutable"},
              {"name":"origin","type":"complex","mutability":"immutable","subAttributes":[{"name":"site","type":"string"}]},
              {"name":"box","type":"complex","subAttributes":[{"name":"seal","type":"string","mutability":"immutable"},{"name":"note","type":"string"}]},
              {"name":"tags","type":"string","multiValued":true},
              {"name":"codes","type":"string","multiValued":true,"mutability":"immutable"},
              {"name":"labels","type":"string","multiValued":true,"mutability":"readOnly"},
              {"name":"keys","type":"complex","multiValued":true,"mutability":"immutable","subAttributes":[{"name":"value","type":"string"}]},
              {"name":"ports","type":"complex","multiValued":true,"subAttributes":[
                {"name":"value","type":"string"},{"name":"mac","type":"string","mutability":"immutable"},{"name":"state","type":"string","mutability":"readOnly"}]}]}
            """),
        Extensions = [new SchemaExtension(SchemaReader.Read("""
            {"id":"urn:example:Lease","name":"Lease","attributes":[
              {"name":"lot","type":"string","mutability":"immutable"},
              {"name":"note","type":"string"},
              {"name":"issued","type":"dateTime","mutability":"readOnly"},
              {"name":"owner","type":"complex","subAttributes":[{"name":"key","type":"string","mutability":"immutable"}]}]}
            """), Required: false)],
        CommonAttributes = TestTypes.User.CommonAttributes,
    };

    private static readonly Dictionary<string, ResourceDocument> Starts = new()
    {
        ["empty"] = User("{}"),
        ["title"] = User("""{"title":"T"}"""),
        ["name"] = User("""{"name":{"familyName":"F","givenName":"G"}}"""),
        ["mails"] = User("""{"emails":[{"value":"w@x.y","type":"work","primary":true},{"value":"h@x.y","type":"home"}]}"""),
        ["ent"] = User("""{"ENT":{"department":"D","costCenter":"C"}}"""),
        ["manager"] = User("""{"ENT":{"manager":{"value":"m"}}}"""),
        ["group"] = new ResourceDocument(TestTypes.Group, new JsonObject { ["displayName"] = "g" }),
        ["bare"] = new ResourceDocument(Machine, []),
        ["machine"] = new ResourceDocument(Machine, Json("""
            {"serial":"1","origin":{"site":"S"},"box":{"seal":"s","note":"n"},"tags":["a"],"codes":["c"],"keys":[{"value":"k"}],
             "ports":[{"value":"p","mac":"m"}],"LEASE":{"lot":"l","note":"n","owner":{"key":"k"}}}
            """)),
    };

    /// <summary>
    /// What the operations make of a resource: <c>same</c>, the attributes that differ from the start, with null for what is gone,
    /// the steps on its members, or the error.
    /// </summary>
    public static string Outcome(string start, string operations)
    {
        var before = Starts[start];
        try
        {
            var outcome = PatchEngine.Apply(PatchRequest.Parse(PatchCaseFile.Message(operations), Limits), before);
            return outcome.Members.Count > 0 ? string.Join(' ', outcome.Members.Select(PatchCases.Print)) : Difference(before.Root, outcome.Document.Root);
        }
        catch (ScimException refused)
        {
            Assert.Equal(400, refused.Error.Status);
            return $"! {refused.Error.Type} {PatchCaseFile.Shrink(refused.Error.Detail)}";
        }
    }

    private static string Difference(JsonObject before, JsonObject after)
    {
        var names = before.Concat(after).Select(member => member.Key).Distinct().Where(name => !JsonNode.DeepEquals(before[name], after[name])).ToArray();
        return names.Length == 0 ? "same" : PatchCaseFile.Shrink(new JsonObject(names.Select(name => KeyValuePair.Create(name, after[name]?.DeepClone()))).ToJsonString());
    }

    private static ResourceDocument User(string json)
    {
        var document = Json(json);
        document.TryAdd("userName", "u");
        document.TryAdd("active", true);
        return new ResourceDocument(TestTypes.User, document);
    }

    private static JsonObject Json(string json) => JsonNode.Parse(PatchCaseFile.Expand(json))!.AsObject();
}
