using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Tests.Resources;

public sealed class DisclosureTests
{
    /// <summary>RFC 7643 §7: returned never. Whatever found its way into a document does not leave it.</summary>
    [Fact]
    public void What_is_never_returned_is_left_out_even_if_a_document_holds_it()
    {
        var document = new ResourceDocument(TestTypes.User, JsonNode.Parse(
            """{"userName":"a","password":"p","emails":[{"value":"e","type":"work"}],"name":{"givenName":"G"},"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D"}}""")!.AsObject());

        Assert.Equal(
            """{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"userName":"a","emails":[{"value":"e","type":"work"}],"name":{"givenName":"G"},"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D"}}""",
            Written(writer => Disclosure.Write(writer, document)));
    }

    [Fact]
    public void What_is_never_returned_is_left_out_of_a_complex_value()
    {
        var attribute = new SchemaAttribute
        {
            Name = "keys",
            Type = AttributeType.Complex,
            MultiValued = true,
            SubAttributes =
            [
                new SchemaAttribute { Name = "value", Type = AttributeType.String },
                new SchemaAttribute { Name = "pin", Type = AttributeType.String, Returned = Returned.Never },
            ],
        };

        Assert.Equal("""[{"value":"k"}]""", Written(writer => Disclosure.Write(writer, attribute, JsonNode.Parse("""[{"value":"k","pin":"1234"}]""")!)));
    }

    private static string Written(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
