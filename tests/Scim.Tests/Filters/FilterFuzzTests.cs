using System.Text;
using CsCheck;
using Scim.Errors;
using Scim.Filters;

namespace Scim.Tests.Filters;

/// <summary>Whatever a client sends as a filter or path is read or refused; nothing else happens.</summary>
public sealed class FilterFuzzTests
{
    private static readonly string[] Pieces =
    [
        "userName", "emails", "[", "]", "(", ")", ".", "value", " eq ", " co ", " pr", " and ", " or ", "not ", "not(", "\"a\"", "\"", "\\", "\\u00", "1e999", "-", "0x1",
        "true", "null", "urn:ietf:params:scim:schemas:core:2.0:User:", "urn:", ":", " ", "\t", "\0", "\ud83d", "🙂", "$ref", "*", "%", "'", "--",
    ];

    [Fact]
    public void Random_bytes_are_read_or_refused() =>
        Gen.Byte.Array[0, 200].Sample(bytes => ReadOrRefuse(Encoding.UTF8.GetString(bytes)) && ReadOrRefuse(Encoding.Latin1.GetString(bytes)));

    [Fact]
    public void Random_pieces_of_filters_are_read_or_refused() =>
        Gen.Int[0, Pieces.Length - 1].Array[0, 14].Sample(indices => ReadOrRefuse(string.Concat(indices.Select(index => Pieces[index]))), iter: 20_000);

    /// <summary>Only these two outcomes return; any other exception fails the sample.</summary>
    private static bool ReadOrRefuse(string text) =>
        Outcome(() => Filter.Parse(text, new ScimLimits()).Bind(TestTypes.User)) is null or ScimErrorType.InvalidFilter
        && Outcome(() => PatchPath.Parse(text, new ScimLimits())) is null or ScimErrorType.InvalidFilter or ScimErrorType.InvalidPath;

    private static ScimErrorType? Outcome(Func<object> read)
    {
        try
        {
            _ = read();
            return null;
        }
        catch (ScimException refusal)
        {
            return refusal.Error.Type;
        }
    }
}
