using System.Text.Json.Nodes;
using CsCheck;
using Scim.Filters;
using Scim.Resources;

namespace Scim.Tests.Filters;

public sealed class FilterProperties
{
    private static readonly ScimLimits Limits = new();

    [Fact]
    public void A_printed_filter_is_read_as_the_same_filter() =>
        FilterGenerators.FilterOf(FilterGenerators.Device).Sample(filter => filter == Filter.Parse(filter.ToString(), Limits), iter: 2_000);

    [Fact]
    public void A_printed_bound_filter_binds_to_the_same_filter() =>
        FilterGenerators.FilterOf(FilterGenerators.Device).Sample(
            filter =>
            {
                var bound = filter.Bind(FilterGenerators.Device);
                return bound == Filter.Parse(bound.ToString(), Limits).Bind(FilterGenerators.Device);
            },
            iter: 2_000);

    [Fact]
    public void A_document_and_its_folded_form_meet_the_same_filters() =>
        Gen.Select(FilterGenerators.FilterOf(FilterGenerators.Device), FilterGenerators.Document(FilterGenerators.Device)).Sample(
            (filter, document) =>
            {
                var bound = filter.Bind(FilterGenerators.Device);
                var folded = JsonNode.Parse(SearchDocument.Build(new ResourceDocument(FilterGenerators.Device, document), tenantId: 1))!.AsObject();
                return FilterEvaluator.Matches(bound, document) == FilterEvaluator.Matches(bound, folded);
            },
            iter: 2_000);

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Gen.OneOf(FilterGenerators.Text, Gen.OneOf("a", "not", "and", "or", "eq", "pr", "(", ")", "[", "]", ".b", "\"x\"", "1", "true"))
            .Array[0, 12].Select(pieces => string.Join(' ', pieces))
            .Sample(text => Filter.TryParse(text, Limits, out var filter, out var problem) ? filter is not null : problem!.Length > 0, iter: 5_000);
}
