using System.Text;
using System.Text.Json;
using Scim.Schemas;
using ScimServer.Provisioning;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Provisioning;

public sealed class RedactionTests
{
    private static readonly KnownWords Words = new(SchemaRegistry.Create(new SchemaOptions()), ["scim", "v2"]);

    [Theory]
    [InlineData("""userName eq "ada@example.com" """, """userName eq "<e-mail, 15 characters>" """)]
    [InlineData("userName eq ada", "userName eq <text, 3 characters>")]
    [InlineData("""emails[type eq "work" and value co "ada"].value""", """emails[type eq "work" and value co "<text, 3 characters>"].value""")]
    [InlineData("""name.familyName sw "L" or not (active eq true)""", """name.familyName sw "<text, 1 characters>" or not (active eq true)""")]
    [InlineData("nam.familyName", "nam.familyName")]
    [InlineData("Ada Lovelace", "<text, 3 characters> <text, 8 characters>")]
    [InlineData("""password eq "Kl4mmer" """, """password eq "<secret>" """)]
    [InlineData("""members[value eq "01a22638-021f-70c8-aeba-8bbea0cf4a92"]""", """members[value eq "01a22638-021f-70c8-aeba-8bbea0cf4a92"]""")]
    [InlineData("""externalId eq "0f8fad5b-d9cb-469f-a165-70867728950e" """, """externalId eq "<UUID, 36 characters>" """)]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department")]
    [InlineData("userName eq \"ada", "userName eq \"<text, 3 characters>\"")]
    public void Of_a_filter_or_path_names_and_operators_stay(string text, string expected) => Assert.Equal(expected, new Redaction(Words, keepsValues: false).Expression(text));

    [Theory]
    [InlineData(
        """{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"emails[type eq \"work\"].value","value":"ada@x.org"}]}""",
        """{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"emails[type eq \"work\"].value","value":"<e-mail, 9 characters>"}]}""")]
    [InlineData("""{"op":"replace","path":"password","value":["a",{"b":"c"}]}""", """{"op":"replace","path":"password","value":"<secret>"}""")]
    [InlineData("""{"Op":"replace","Path":"password","Value":"geheim"}""", """{"Op":"replace","Path":"password","Value":"<secret>"}""")]
    [InlineData("""{"path":"password","Path":"title","value":"geheim"}""", """{"path":"password","Path":"title","value":"<secret>"}""")]
    [InlineData("""{"path":"title","Path":"password","value":"geheim"}""", """{"path":"title","Path":"password","value":"<secret>"}""")]
    [InlineData("""{"value":{"password":"geheim","urn:ietf:params:scim:schemas:core:2.0:User:password":"geheim"}}""", """{"value":{"password":"<secret>","urn:ietf:params:scim:schemas:core:2.0:User:password":"<secret>"}}""")]
    [InlineData("""{"PassWord":5,"userName":null,"active":false,"x":12.5}""", """{"PassWord":"<secret>","userName":null,"active":false,"x":"<number>"}""")]
    [InlineData("""{"emails[value eq \"ada@x.org\"].primary":true}""", """{"emails[value eq \"<e-mail, 9 characters>\"].primary":true}""")]
    [InlineData("""{"Ada Lovelace":1}""", """{"<text, 3 characters> <text, 8 characters>":"<number>"}""")]
    public void Of_a_body_the_structure_stays(string body, string expected) => JsonAssert.Equal(expected, System.Text.Json.Nodes.JsonNode.Parse(Redacted(body, out _)));

    /// <summary>Such text is refused (RFC 8259 §8.1, §8.2), and it is what has to be seen. Bytes are given as Latin-1.</summary>
    [Theory]
    [InlineData("""{"userName":"José","active":true}""", """{"userName":"<damaged text, 4 characters>","active":true}""")]
    [InlineData("""{"userName":"ÿ","title":"VP"}""", """{"userName":"<damaged text, 1 characters>","title":"<text, 2 characters>"}""")]
    [InlineData("""{"nickÿName":"a"}""", """{"<damaged text, 9 characters>":"<text, 1 characters>"}""")]
    [InlineData("""{"title":"a\ud800","x\uDFFF":[1]}""", """{"title":"<damaged text, 2 characters>","<damaged text, 2 characters>":["<number>"]}""")]
    [InlineData("""{"op":"replace","path":"title\uD83d","value":"a"}""", """{"op":"replace","path":"<damaged text, 6 characters>","value":"<text, 1 characters>"}""")]
    [InlineData("""{"op":"replace","path":"password\udc00","value":"true"}""", """{"op":"replace","path":"<damaged text, 9 characters>","value":"<secret>"}""")]
    [InlineData("""{"password":"aé","password\ud800":"true"}""", """{"password":"<secret>","<damaged text, 9 characters>":"<secret>"}""")]
    [InlineData("""{"title":"\ud83d\ude00","nickName":"\\ud800","active":"\u0074rue"}""", """{"title":"<text, 2 characters>","nickName":"<text, 6 characters>","active":"true"}""")]
    public void Of_a_body_with_ill_formed_text_it_is_told_where_it_stood(string body, string expected) =>
        JsonAssert.Equal(expected, System.Text.Json.Nodes.JsonNode.Parse(Redacted(Encoding.Latin1.GetBytes(body), out _)));

    [Fact]
    public void Of_a_large_body_the_beginning_is_kept()
    {
        var text = Redacted($$"""{"members":[{{string.Join(',', Enumerable.Range(0, 5000).Select(i => $$"""{"value":"v{{i}}"}"""))}}]}""", out _);
        Assert.True(text.Length < 5_000, $"{text.Length}");
        Assert.Contains("… 4950 more", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_detail_of_an_error_tells_no_value_that_the_request_had()
    {
        Redacted("""{"userName":"ada lovelace","password":"geheim"}""", out var redaction);
        Assert.Equal(
            "The value <text, 12 characters> of \"userName\" and \"<text, 6 characters>\" are \"<text, 6 characters>\".",
            redaction.Detail("The value Ada Lovelace of \"userName\" and \"geheim\" are \"anders\"."));
    }

    [Theory]
    [InlineData("/scim/v2/Users/01a22638-021f-70c8-aeba-8bbea0cf4a92", "/scim/v2/Users/01a22638-021f-70c8-aeba-8bbea0cf4a92")]
    [InlineData("/scim/Users/ada@example.com", "/scim/Users/<e-mail, 15 characters>")]
    [InlineData("/ada", "/<text, 3 characters>")]
    public void Of_an_address_the_parts_that_the_server_has_stay(string path, string expected) => Assert.Equal(expected, new Redaction(Words, keepsValues: true).Address(path));

    private static string Redacted(string body, out Redaction redaction) => Redacted(Encoding.UTF8.GetBytes(body), out redaction);

    private static string Redacted(byte[] body, out Redaction redaction)
    {
        redaction = new Redaction(Words, keepsValues: false);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Scim.Json.JsonText.WriterOptions))
        {
            Assert.True(new RedactedBody(writer, redaction).TryWrite(body, operations: null));
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
