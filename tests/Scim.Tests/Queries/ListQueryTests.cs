using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Queries;

namespace Scim.Tests.Queries;

public sealed class ListQueryTests
{
    private static readonly ScimLimits Limits = new() { MaxPageSize = 200, DefaultPageSize = 100 };

    [Theory]
    [InlineData(null, 1)]
    [InlineData("", 1)]
    [InlineData("  ", 1)]
    [InlineData("1", 1)]
    [InlineData(" 7 ", 7)]
    [InlineData("+7", 7)]
    [InlineData("007", 7)]
    [InlineData("0", 1)]
    [InlineData("-5", 1)]
    [InlineData("-99999999999999999999999", 1)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("2147483648", int.MaxValue)]
    [InlineData("9223372036854775808", int.MaxValue)]
    [InlineData("99999999999999999999999", int.MaxValue)]
    public void StartIndex_is_at_least_one_and_never_overflows(string? text, int expected) =>
        Assert.Equal(expected, Parse(new SearchRequest { StartIndex = text }).StartIndex);

    [Theory]
    [InlineData(null, 100)]
    [InlineData("", 100)]
    [InlineData("0", 0)]
    [InlineData("-1", 0)]
    [InlineData("5", 5)]
    [InlineData("200", 200)]
    [InlineData("201", 200)]
    [InlineData("99999999999999999999999", 200)]
    public void Count_is_cut_to_the_page_size(string? text, int expected) =>
        Assert.Equal(expected, Parse(new SearchRequest { Count = text }).Count);

    [Theory]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData("--1")]
    [InlineData("0x10")]
    [InlineData("1 2")]
    [InlineData("٣")]
    [InlineData("NaN")]
    public void What_is_no_whole_number_is_refused(string text)
    {
        AssertRefused(ScimErrorType.InvalidValue, () => Parse(new SearchRequest { StartIndex = text }));
        AssertRefused(ScimErrorType.InvalidValue, () => Parse(new SearchRequest { Count = text }));
    }

    [Fact]
    public void A_filter_is_parsed_and_a_blank_one_refused()
    {
        Assert.Null(Parse(new SearchRequest()).Filter);
        Assert.Equal("userName eq \"x\"", Parse(new SearchRequest { Filter = "userName EQ \"x\"" }).Filter!.ToString());
        AssertRefused(ScimErrorType.InvalidFilter, () => Parse(new SearchRequest { Filter = "" }));
    }

    [Fact]
    public void A_search_is_read_in_any_case_and_passes_over_what_it_does_not_know()
    {
        var request = Body("""{"SCHEMAS":["URN:ietf:params:scim:api:messages:2.0:SearchRequest"],"Filter":"title pr","startindex":2,"COUNT":"5","attributes":["userName","name.givenName"],"SortBy":"title","sortorder":"descending","Cursor":"","x":{}}""");
        var expected = new SearchRequest
        {
            Filter = "title pr",
            StartIndex = "2",
            Count = "5",
            Attributes = "userName,name.givenName",
            SortBy = "title",
            SortOrder = "descending",
            Cursor = "",
        };
        Assert.Equal(expected, request);
    }

    [Fact]
    public void A_search_may_be_empty_or_hold_nulls()
    {
        Assert.Equal(new SearchRequest(), Body("{}"));
        Assert.Equal(new SearchRequest(), Body("""{"schemas":null,"filter":null,"count":null,"attributes":null}"""));
        Assert.Equal(new SearchRequest(), Body("""{"schemas":[]}"""));
        Assert.Equal("a,b", Body("""{"excludedAttributes":"a,b"}""").ExcludedAttributes);
    }

    [Theory]
    [InlineData("""{"schemas":["urn:x"]}""", ScimErrorType.InvalidSyntax)]
    [InlineData("""{"schemas":"urn:ietf:params:scim:api:messages:2.0:SearchRequest"}""", ScimErrorType.InvalidSyntax)]
    [InlineData("""{"filter":5}""", ScimErrorType.InvalidValue)]
    [InlineData("""{"count":true}""", ScimErrorType.InvalidValue)]
    [InlineData("""{"count":[1]}""", ScimErrorType.InvalidValue)]
    [InlineData("""{"attributes":[1]}""", ScimErrorType.InvalidValue)]
    [InlineData("""{"attributes":{"a":1}}""", ScimErrorType.InvalidValue)]
    public void A_search_of_another_shape_is_refused(string json, ScimErrorType type) => AssertRefused(type, () => Body(json));

    [Theory]
    [InlineData("""{"count":1e999999}""")]
    [InlineData("""{"count":1.5}""")]
    public void A_number_that_is_not_whole_is_refused_in_a_search_too(string json) =>
        AssertRefused(ScimErrorType.InvalidValue, () => Parse(Body(json)));

    [Fact]
    public void A_page_is_asked_for_by_index_or_by_cursor()
    {
        Assert.Null(Parse(new SearchRequest()).Cursor);
        Assert.Equal("", Parse(new SearchRequest { Cursor = "" }).Cursor);
        Assert.Equal(200, Parse(new SearchRequest { Cursor = "", Count = "1000" }).Count);
        Assert.Equal(0, Parse(new SearchRequest { Cursor = "", Count = "-3" }).Count);
        AssertRefused(ScimErrorType.InvalidCount, () => Parse(new SearchRequest { Cursor = "", Count = "many" }));
        AssertRefused(ScimErrorType.InvalidValue, () => Parse(new SearchRequest { Cursor = "", StartIndex = "1" }));
    }

    [Fact]
    public void What_a_cursor_is_bound_to_is_the_query_without_its_page()
    {
        var query = Parse(new SearchRequest { Filter = "title EQ \"x\"", SortBy = "USERNAME", Count = "3" }).ToString();
        Assert.Equal(query, Parse(new SearchRequest { Filter = " title eq \"x\" ", SortBy = "userName", SortOrder = "Ascending", StartIndex = "5" }).ToString());
        Assert.NotEqual(query, Parse(new SearchRequest { Filter = "title eq \"y\"", SortBy = "userName" }).ToString());
        Assert.NotEqual(query, Parse(new SearchRequest { Filter = "title eq \"x\"", SortBy = "userName", SortOrder = "descending" }).ToString());
        Assert.NotEqual(query, Parse(new SearchRequest { Filter = "title eq \"x\"" }).ToString());
    }

    private static ListQuery Parse(SearchRequest request) => ListQuery.Parse(TestTypes.User, request, Limits);

    private static SearchRequest Body(string json) => SearchRequest.Parse(JsonNode.Parse(json)!.AsObject());

    private static void AssertRefused(ScimErrorType type, Func<object> action) =>
        Assert.Equal(type, Assert.Throws<ScimException>(action).Error.Type);
}
