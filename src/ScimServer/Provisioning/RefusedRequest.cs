using Scim.EntityFrameworkCore.Rows;

namespace ScimServer.Provisioning;

/// <summary>A request without a tenant, on its way to the log.</summary>
/// <param name="Row">What is known of it.</param>
/// <param name="Hash">The SHA-256 of its token, when the database may know more of it. It goes no further than that question.</param>
internal readonly record struct RefusedRequest(RefusedRequestRow Row, byte[]? Hash);
