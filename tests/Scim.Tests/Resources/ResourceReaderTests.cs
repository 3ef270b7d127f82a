using System.Text;
using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Resources;

namespace Scim.Tests.Resources;

public sealed class ResourceReaderTests
{
    private const string Ent = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    [Fact]
    public void Names_are_answered_in_schema_case_RFC7643_2_1() => Assert.Equal(
        """{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"a","name":{"familyName":"F"},"active":true}""",
        Stored("""{"USERNAME":"a","Name":{"FAMILYNAME":"F"}}"""));

    [Fact]
    public void Null_empty_string_empty_array_and_absent_are_one_RFC7643_2_5() => Assert.Equal(
        """{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"a","active":true}""",
        Stored("""{"userName":"a","title":null,"nickName":"","emails":[],"roles":[null,{}],"name":{"givenName":null}}"""));

    [Fact]
    public void ReadOnly_and_unknown_attributes_are_passed_over_and_named()
    {
        var input = Read("""{"userName":"a","id":"x","meta":{},"groups":[{"value":"g"}],"shoeSize":5,"name":{"givenName":"G","nope":1}}""");

        Assert.Equal(["id", "meta", "groups", "shoeSize", "name.nope"], input.Ignored);
        Assert.DoesNotContain("shoeSize", Encoding.UTF8.GetString(input.Document.ToUtf8()), StringComparison.Ordinal);
    }

    [Fact]
    public void Entra17_schemas_follow_the_data_not_the_claim()
    {
        Assert.StartsWith(
            $$"""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","{{Ent}}"],""",
            Stored($$$"""{"userName":"a","{{{Ent}}}":{"department":"D"}}"""),
            StringComparison.Ordinal);
        Assert.StartsWith(
            """{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],""",
            Stored($$"""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","{{Ent}}"],"userName":"a"}"""),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Password_is_kept_out_of_the_document()
    {
        var input = Read("""{"userName":"a","password":"secret"}""");

        Assert.Equal("secret", input.Password);
        Assert.DoesNotContain("secret", input.Document.Root.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Entra31_a_new_user_is_active_unless_it_says_otherwise()
    {
        Assert.True((bool)Read("""{"userName":"a"}""").Document.Root["active"]!);
        Assert.False((bool)Read("""{"userName":"a","active":false}""").Document.Root["active"]!);
        Assert.False(ResourceReader.Read(TestTypes.User, Json("""{"userName":"a"}"""), RequestKind.Replace).Document.Root.ContainsKey("active"));
    }

    [Theory]
    [InlineData("""{"active":"maybe"}""", "active must be true or false, not a string.")]
    [InlineData("""{"displayName":5}""", "displayName must be a string, not a number.")]
    [InlineData("""{"displayName":["a"]}""", "displayName must be a string, not an array.")]
    [InlineData("""{"name":"Ada"}""", "name must be an object, not a string.")]
    [InlineData("""{"emails":"a@b.c"}""", "emails must be an array, not a string.")]
    [InlineData("""{"emails":[true]}""", "emails must be an object, not a boolean.")]
    [InlineData("""{"title":"a\u0000b"}""", "title contains the character U+0000, which cannot be stored.")]
    [InlineData("""{"x509Certificates":[{"value":"***"}]}""", "x509Certificates.value must be base64 text (RFC 7643 §2.3.6).")]
    public void A_wrong_type_is_invalidValue_and_names_the_attribute(string body, string detail)
    {
        var error = Assert.Throws<ScimException>(() => Read(body)).Error;

        Assert.Equal((400, ScimErrorType.InvalidValue, detail), (error.Status, error.Type!.Value, error.Detail));
    }

    [Theory]
    [InlineData("""{"userName":"a","USERNAME":"b"}""")]
    [InlineData("""{"schemas":"urn:ietf:params:scim:schemas:core:2.0:User"}""")]
    [InlineData("""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"]}""")]
    public void A_contradictory_body_is_invalidSyntax(string body) =>
        Assert.Equal(ScimErrorType.InvalidSyntax, Assert.Throws<ScimException>(() => Read(body)).Error.Type);

    [Fact]
    public void Members_are_ids_without_duplicates()
    {
        var input = ResourceReader.Read(TestTypes.Group, Json("""{"displayName":"G","members":[{"value":"1","$ref":null,"display":"x"},{"value":"2"},{"VALUE":"1"}]}"""), RequestKind.Create);

        Assert.Equal(["1", "2"], input.Members);
        Assert.Null(Read("""{"userName":"a"}""").Members);
    }

    [Theory]
    [InlineData("""[{"value":"a@b.c","type":"work"},{"value":"a@b.c","type":"work"}]""", """[{"value":"a@b.c","type":"work"}]""")]
    [InlineData("""[{"type":"work","value":"a@b.c"},{"value":"A@B.C","type":"Work","display":null,"primary":false}]""", """[{"type":"work","value":"a@b.c"}]""")]
    [InlineData("""[{"value":"a@b.c","primary":true},{"value":"a@b.c","primary":true}]""", """[{"value":"a@b.c","primary":true}]""")]
    [InlineData("""[{"value":"a@b.c"},{"value":"a@b.c","type":"work"},{"value":"b@b.c"}]""", """[{"value":"a@b.c"},{"value":"a@b.c","type":"work"},{"value":"b@b.c"}]""")]
    public void What_is_the_same_is_kept_once_RFC7643_2_4(string sent, string kept) =>
        Assert.Equal(kept, Read($$"""{"userName":"a","emails":{{sent}}}""").Document.Root["emails"]!.ToJsonString());

    [Fact]
    public void Two_primary_values_are_refused_RFC7643_2_4()
    {
        var document = Read("""{"userName":"a","emails":[{"value":"1","primary":true},{"value":"2","primary":true}]}""").Document;

        Assert.Equal(ScimErrorType.InvalidValue, Assert.Throws<ScimException>(() => ResourceValidator.Validate(document)).Error.Type);
    }

    [Fact]
    public void Single_and_multi_valued_complex_values_are_valid() => ResourceValidator.Validate(
        Read("""{"userName":"a","name":{"givenName":"G"},"emails":[{"value":"1","primary":true},{"value":"2"}]}""").Document);

    [Fact]
    public void A_required_attribute_is_asked_for() => Assert.Equal(
        "userName is required.",
        Assert.Throws<ScimException>(() => ResourceValidator.Validate(Read("""{"title":"T"}""").Document)).Error.Detail);

    [Fact]
    public void The_search_document_is_folded_by_caseExact_and_holds_the_tenant()
    {
        var document = Read("""{"userName":"ANNA","externalId":"Ext","profileUrl":"https://X/A","emails":[{"value":"A@B.C","type":"WORK"}]}""").Document;

        Assert.Equal(
            """{"$t":"7","schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"anna","externalId":"Ext","profileUrl":"https://X/A","emails":[{"value":"a@b.c","type":"work"}],"active":true}""",
            SearchDocument.Build(document, tenantId: 7));
    }

    private static string Stored(string body) => Encoding.UTF8.GetString(Read(body).Document.ToUtf8());

    private static ResourceInput Read(string body) => ResourceReader.Read(TestTypes.User, Json(body), RequestKind.Create);

    private static JsonObject Json(string body) => JsonNode.Parse(body)!.AsObject();
}
