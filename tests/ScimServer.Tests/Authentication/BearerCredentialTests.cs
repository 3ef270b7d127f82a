using Microsoft.Extensions.Primitives;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Authentication;

namespace ScimServer.Tests.Authentication;

public class BearerCredentialTests
{
    [Fact]
    public void What_cannot_be_a_token_is_known_without_a_query()
    {
        var token = TokenSecret.Create();
        var mistyped = token[..^1] + (token[^1] == 'x' ? 'y' : 'x');

        Assert.Equal(token, BearerCredential.Read("Bearer " + token).Token);
        Assert.All((string[])[mistyped, new string('a', 513), ""], text => Assert.Equal(new BearerCredential(null, true), BearerCredential.Read("Bearer " + text)));
        Assert.Equal(default, BearerCredential.Read(StringValues.Empty));
        Assert.Equal(default, BearerCredential.Read("Basic abc"));
    }

    [Fact]
    public void A_credential_does_not_print_its_token() =>
        Assert.DoesNotContain("a-token-of-length", BearerCredential.Read("Bearer a-token-of-length").ToString(), StringComparison.Ordinal);
}
