using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Scim.Errors;
using Scim.Queries;

namespace Scim.Tests.Queries;

public sealed partial class CursorTests
{
    private const string Query = "1\nUser\nactive eq true\n";

    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(Cursor.SecretBytes);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("smith")]
    [InlineData("ünï 漢字 🙂 \u0001")]
    public void A_cursor_is_read_back(string? key)
    {
        var cursor = new Cursor(25, key, Guid.CreateVersion7());
        Assert.Equal(cursor, Cursor.Open(cursor.Seal(Secret, Query), Secret, Query));
    }

    [Fact]
    public void It_holds_only_unreserved_characters_and_says_nothing()
    {
        var id = Guid.CreateVersion7();
        for (var i = 0; i < 100; i++)
        {
            var text = new Cursor(25, new string('a', i), id).Seal(Secret, Query);
            Assert.Matches(Unreserved(), text);
        }

        Assert.NotEqual(new Cursor(25, "a", id).Seal(Secret, Query), new Cursor(25, "a", id).Seal(Secret, Query));
    }

    [Fact]
    public void The_longest_sort_value_fits_into_a_url() =>
        Assert.True(new Cursor(200, string.Concat(Enumerable.Repeat("漢", 512)), Guid.Empty).Seal(Secret, Query).Length < 2_500);

    [Fact]
    public void Every_changed_character_is_noticed()
    {
        var text = new Cursor(25, "smith", Guid.CreateVersion7()).Seal(Secret, Query);
        for (var i = 0; i < text.Length - 1; i++)
        {
            AssertRefused(string.Concat(text.AsSpan(0, i), text[i] == 'A' ? "B" : "A", text.AsSpan(i + 1)), Secret, Query);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("../../etc/passwd")]
    [InlineData("' or 1=1 --")]
    public void What_is_no_cursor_is_refused(string text) => AssertRefused(text, Secret, Query);

    [Fact]
    public void A_cursor_of_another_query_tenant_or_deployment_is_refused_in_the_same_words()
    {
        var text = new Cursor(25, "smith", Guid.CreateVersion7()).Seal(Secret, Query);
        var details = new[]
        {
            AssertRefused(text, Secret, "1\nUser\nactive eq false\n"),
            AssertRefused(text, Secret, "2\nUser\nactive eq true\n"),
            AssertRefused(text, Secret, "1\nGroup\nactive eq true\n"),
            AssertRefused(text, RandomNumberGenerator.GetBytes(Cursor.SecretBytes), Query),
            AssertRefused("forged", Secret, Query),
        };
        Assert.Single(details.Distinct());
    }

    private static string AssertRefused(string text, byte[] secret, string query)
    {
        var error = Assert.Throws<ScimException>(() => Cursor.Open(text, secret, query)).Error;
        Assert.Equal((400, ScimErrorType.InvalidCursor), (error.Status, error.Type));
        return error.Detail;
    }

    [GeneratedRegex("^[A-Za-z0-9._~-]+$")]
    private static partial Regex Unreserved();
}
