using Scim.Errors;

namespace ScimServer.Http;

/// <summary>Metadata of an endpoint whose errors are neither SCIM errors nor problem details: how it says them.</summary>
internal sealed record ErrorForm(Func<HttpContext, ScimError, Task> WriteAsync);
