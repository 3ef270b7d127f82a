using System.Globalization;
using System.Text.Json.Nodes;
using Scim.Bulk;
using Scim.Errors;
using Scim.Resources;
using ScimServer.Http;

namespace ScimServer.Bulk;

/// <summary>How far an operation of a bulk has come.</summary>
internal sealed class BulkState
{
    /// <summary>The status; 0 before it was performed.</summary>
    public int Status { get; private set; }

    /// <summary>The id of the resource, as the path names it or the server gave it.</summary>
    public string? Id { get; set; }

    /// <summary>The version that the resource has now.</summary>
    public string? Version { get; private set; }

    public ScimError? Error { get; private set; }

    /// <summary>The PATCH that adds the references that were put off; null when there is none, or it is done.</summary>
    public JsonObject? Completion { get; set; }

    /// <summary>Whether it was carried out, so far as its turn has come.</summary>
    public bool HasSucceeded => Status != 0 && Error is null;

    /// <summary>True for a POST whose resource is there, complete or not.</summary>
    public bool IsCreated => Status == StatusCodes.Status201Created;

    public void Succeed(int status, Resource? resource)
    {
        Status = status;
        Id = resource?.Id.ToString() ?? Id;
        Version = resource?.Meta.ETag;
    }

    public void Fail(ScimError error)
    {
        Status = error.Status;
        Error = error;
        Version = null;
        Completion = null;
    }

    /// <summary>Puts the reference of the operation behind its error's detail, as errors of single requests have it.</summary>
    public void Refer(string request, int index) =>
        Error = Error is null ? null : Error with { Detail = CorrelationId.Refer(Error.Detail, string.Create(CultureInfo.InvariantCulture, $"{request}:{index}")) };

    public BulkResult ToResult(BulkOperation operation, string? location) => new(operation, Status, location, Version, Error);
}
