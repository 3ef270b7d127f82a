using Scim.EntityFrameworkCore.Provisioning;

namespace ScimServer.Tests.Provisioning;

public sealed class RequestReferenceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 7, 32, 15, 617, TimeSpan.Zero);

    [Fact]
    public void A_reference_is_sixteen_characters_and_reads_back_as_the_txn_that_it_is()
    {
        for (var i = 0; i < 1000; i++)
        {
            var txn = RequestReference.Create(Now.AddMilliseconds(i));
            var text = RequestReference.Format(txn);

            Assert.Matches("^[0-9A-HJKMNP-TV-Z]{16}$", text);
            Assert.True(RequestReference.TryParse(text, out var read));
            Assert.Equal(txn, read);
            Assert.Equal(7, txn.Version);
            Assert.Equal(Now.AddMilliseconds(i), RequestReference.TimeOf(txn));
        }
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData(" (ref {0}) ")]
    [InlineData("ref {0}")]
    public void What_people_paste_is_understood(string form)
    {
        var txn = RequestReference.Create(Now);
        var text = form.Replace("{0}", RequestReference.Format(txn).ToLowerInvariant().Replace('0', 'o').Replace('1', 'l'), StringComparison.Ordinal);
        Assert.True(RequestReference.TryParse(text, out var read), text);
        Assert.Equal(txn, read);
        Assert.True(RequestReference.TryParse(txn.ToString(), out read));
        Assert.Equal(txn, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("7K2M")]
    [InlineData("UUUUUUUUUUUUUUUU")]
    [InlineData("0000000000000000:")]
    [InlineData("0000000000000000:-1")]
    [InlineData("0000000000000000:1.99")]
    [InlineData("0000000000000000:99999999999")]
    public void What_is_no_reference_is_refused(string? text) => Assert.False(RequestReference.TryParse(text, out _));

    /// <summary>EVT-34.</summary>
    [Theory]
    [InlineData(0, 0, ":0")]
    [InlineData(999, 0, ":999")]
    [InlineData(3, 2, ":3.2")]
    public void An_operation_is_its_request_and_its_position(int index, int step, string suffix)
    {
        var request = RequestReference.Create(Now);
        var operation = RequestReference.OfOperation(request, index, step);

        Assert.Equal(RequestReference.Format(request) + suffix, RequestReference.Format(operation));
        Assert.True(RequestReference.TryParse(RequestReference.Format(operation), out var read));
        Assert.Equal(operation, read);
        Assert.Equal(request, RequestReference.OfRequest(operation));
        Assert.InRange(operation, request, RequestReference.LastOf(request));
        Assert.InRange(request, RequestReference.At(Now), RequestReference.At(Now.AddMilliseconds(1)));
    }

    [Fact]
    public void A_txn_of_an_older_version_stays_what_it_is()
    {
        var old = Guid.Parse("01a2105f-20f2-772d-8585-24fc093c8616");
        Assert.Equal(old.ToString(), RequestReference.Format(old));
    }
}
