using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Resources;

namespace Scim.Tests.Resources;

public sealed class ReferenceAddressTests
{
    private const string Id = "2819c223-7f76-453a-919d-413861904646";

    /// <summary>RFC 7643 §2.3.7: absolute, or relative to the base URL; <c>../Users/…</c> as in its §8.3.</summary>
    [Theory]
    [InlineData("https://host/scim/v2", "https://host/scim/v2/Users/" + Id, true)]
    [InlineData("https://host/scim/v2", "HTTPS://HOST:443/scim/v2/users/2819C223-7F76-453A-919D-413861904646", true)]
    [InlineData("https://host/scim/v2", "https://host/scim/v2/Groups/" + Id, false)]
    [InlineData("https://host/scim/v2", "https://host/scim/v1/Users/" + Id, false)]
    [InlineData("https://host/scim/v2", "https://host:444/scim/v2/Users/" + Id, false)]
    [InlineData("https://host/scim/v2", "http://host/scim/v2/Users/" + Id, false)]
    [InlineData("https://host/scim/v2", "https://host.example/scim/v2/Users/" + Id, false)]
    [InlineData("https://host/scim/v2", "https://x@host/scim/v2/Users/" + Id, false)]
    [InlineData("https://host/scim/v2", "https://host/scim/v2/Users/" + Id + "/", false)]
    [InlineData("https://host/scim/v2", "https://host/scim/v2/Users/" + Id + "#x", false)]
    [InlineData("https://host/scim/v2", "Users/" + Id, true)]
    [InlineData("https://host/scim/v2", "../Users/" + Id, true)]
    [InlineData("https://host/scim/v2", "../../Users/" + Id, false)]
    [InlineData("https://host/scim/v2", "/Users/" + Id, true)]
    [InlineData("https://host/scim/v2", "/scim/v2/Users/" + Id, true)]
    [InlineData("https://host/scim/v2", "//host/scim/v2/Users/" + Id, false)]
    [InlineData("https://host/scim/v2", "/other/Users/" + Id, false)]
    [InlineData("https://host/scim/v2", "file:///scim/v2/Users/" + Id, false)]
    [InlineData("https://host/scim/v2", "urn:uuid:" + Id, false)]
    [InlineData("https://host/scim/v2", Id, false)]
    [InlineData("https://scim.host", "https://scim.host/Users/" + Id, true)]
    [InlineData("https://scim.host", "/Users/" + Id, true)]
    public void An_address_of_a_user_below_the_base_URL_has_its_id(string baseUrl, string address, bool isOne)
    {
        var manager = TestTypes.User.References.Single();
        var addresses = new ReferenceAddresses(baseUrl, TestTypes.Registry);

        if (isOne)
        {
            Assert.Equal(Id, addresses.IdIn(manager, JsonValue.Create(address)));
        }
        else
        {
            Assert.Equal(ScimErrorType.InvalidValue, Assert.Throws<ScimException>(() => addresses.IdIn(manager, JsonValue.Create(address))).Error.Type);
        }

        Assert.Throws<ScimException>(() => ReferenceAddresses.None.IdIn(manager, JsonValue.Create(address)));
    }
}
