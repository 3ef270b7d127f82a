using Scim.EntityFrameworkCore.Access;
using Scim.Errors;

namespace ScimServer.Http;

/// <summary>What operators and receivers ask for and cannot have, over HTTP.</summary>
internal static class AccessRefusals
{
    /// <summary>The error, with the status for the fault.</summary>
    public static ScimException ToScim(this AccessException refusal) => refusal.Fault switch
    {
        AccessFault.NotFound => ScimErrors.NotFound(refusal.Message),
        AccessFault.Conflict => ScimErrors.Conflict(refusal.Message),
        AccessFault.TooMany => ScimErrors.TooManyRequests(refusal.Message),
        _ => ScimErrors.InvalidValue(refusal.Message),
    };
}
