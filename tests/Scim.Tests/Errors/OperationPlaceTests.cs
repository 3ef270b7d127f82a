using Scim.Errors;

namespace Scim.Tests.Errors;

/// <summary>What a refusal says of the operation that it refuses (RFC 7644 §3.5.2, §3.7.3).</summary>
public class OperationPlaceTests
{
    [Fact]
    public void A_refusal_begins_with_the_operation_that_it_names()
    {
        var refusal = ScimErrors.NoTarget("nothing matches.").In(2);

        Assert.Equal(new ScimError(400, ScimErrorType.NoTarget, "Operations[2]: nothing matches."), refusal.Error);
        Assert.Equal(refusal.Error.Detail, refusal.Message);
        Assert.Equal(new OperationPlace(2), refusal.Place);
    }

    [Fact]
    public void An_operation_of_a_patch_in_a_bulk_is_named_by_both_indices()
    {
        var refusal = ScimErrors.NoTarget("nothing matches.").In(0).In(9);

        Assert.Equal("Operations[9].data.Operations[0]: nothing matches.", refusal.Error.Detail);
        Assert.Equal(new OperationPlace(9, new OperationPlace(0)), refusal.Place);
    }

    [Fact]
    public void A_refusal_without_its_place_is_the_one_that_was_given_it() =>
        Assert.Equal(ScimErrors.NoTarget("nothing matches.").Error, ScimErrors.NoTarget("nothing matches.").In(0).In(9).WithoutPlace().Error);

    [Fact]
    public void A_text_that_reads_like_a_place_is_none() =>
        Assert.Null(ScimErrors.InvalidValue("Operations[0]: is what the client sent.").Place);
}
