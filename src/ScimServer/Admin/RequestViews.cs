using System.Text.Json;
using Scim.EntityFrameworkCore.Provisioning;
using Scim.EntityFrameworkCore.Rows;

namespace ScimServer.Admin;

/// <summary>A request in the provisioning log.</summary>
/// <param name="Reference">The reference: also its correlation id in the server's log and the <c>txn</c> of its changes.</param>
/// <param name="At">When it began.</param>
/// <param name="Method">The method.</param>
/// <param name="Route">The route.</param>
/// <param name="ResourceId">The id in the path.</param>
/// <param name="Status">The status of the answer; 499 when the client went away before it.</param>
/// <param name="Failed">Whether it is to be looked at: an error, a bulk with a failed operation, an answer that was cut off.</param>
/// <param name="Actor">The name of the token.</param>
/// <param name="Rules">The dialect rules that rewrote it.</param>
/// <param name="ClientId">What the client calls the request.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="Steps">How long its steps took.</param>
/// <param name="Failure">For a failure: the redacted request and the error.</param>
public sealed record RequestView(
    string Reference,
    DateTimeOffset At,
    string Method,
    string Route,
    Guid? ResourceId,
    int Status,
    bool Failed,
    string Actor,
    IReadOnlyList<string> Rules,
    string? ClientId,
    double DurationMs,
    RequestStepsView Steps,
    JsonElement? Failure)
{
    internal static RequestView Of(RequestRow row) => new(
        RequestReference.Format(row.Txn),
        row.At,
        row.Method,
        row.Route,
        row.ResourceId,
        row.Status,
        row.Failed,
        row.Actor,
        row.Rules?.Split(',') ?? [],
        row.ClientId,
        RequestStepsView.Milliseconds(row.Duration),
        RequestStepsView.Of(row),
        row.Failure is { } failure ? JsonElement.Parse(failure) : null);
}

/// <summary>How long the steps of a request took, in milliseconds. One that did not happen is null.</summary>
/// <param name="Authenticate">Until the token was accepted.</param>
/// <param name="Read">From then until the body was received and parsed.</param>
/// <param name="Store">From then until the database had answered and the answer was decided.</param>
/// <param name="Write">From then until the answer was sent.</param>
public sealed record RequestStepsView(double? Authenticate, double? Read, double? Store, double? Write)
{
    private const double MicrosecondsPerMillisecond = 1000;

    internal static RequestStepsView Of(RequestRow row)
    {
        var before = row.Read ?? row.Authenticated ?? 0;
        return new RequestStepsView(
            Milliseconds(row.Authenticated),
            Milliseconds(row.Read - (row.Authenticated ?? 0)),
            Milliseconds((row.Stored ?? row.Duration) - before),
            Milliseconds(row.Duration - row.Stored));
    }

    internal static double Milliseconds(int microseconds) => microseconds / MicrosecondsPerMillisecond;

    private static double? Milliseconds(int? microseconds) => microseconds is { } known ? Milliseconds(Math.Max(0, known)) : null;
}

/// <summary>A page of requests, newest first.</summary>
/// <param name="Requests">The requests. May be fewer than asked for, or none, though there is a next page.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the next page; null at the end.</param>
public sealed record RequestsView(IReadOnlyList<RequestView> Requests, string? NextCursor);

/// <summary>A request that was refused before its tenant was known.</summary>
/// <param name="Reference">The reference: also its correlation id in the server's log.</param>
/// <param name="At">When it began.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, with what may be personal replaced.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Reason">The true reason, which the client is not told.</param>
/// <param name="Tenant">The tenant whose token it was, when it was one.</param>
/// <param name="Token">The name of that token.</param>
/// <param name="Address">The address that it came from.</param>
/// <param name="ClientId">What the client calls the request.</param>
public sealed record RefusedRequestView(
    string Reference, DateTimeOffset At, string Method, string Path, int Status, string Reason, string? Tenant, string? Token, string? Address, string? ClientId)
{
    internal static RefusedRequestView Of(RefusedRequestRow row) => new(
        RequestReference.Format(row.Txn), row.At, row.Method, row.Path, row.Status, row.Reason, row.TenantName, row.TokenName, row.Address, row.ClientId);
}

/// <summary>A page of refused requests, newest first.</summary>
/// <param name="Requests">The requests.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the next page; null at the end.</param>
/// <param name="LastDay">How many there were in the last 24 hours.</param>
public sealed record RefusedRequestsView(IReadOnlyList<RefusedRequestView> Requests, string? NextCursor, RefusedCountView LastDay);

/// <summary>How many requests were refused before their tenant was known.</summary>
/// <param name="Requests">All of them.</param>
/// <param name="Unrecorded">Those that were counted and are not in the list, because more came at once than it takes.</param>
public sealed record RefusedCountView(long Requests, long Unrecorded);

/// <summary>What a reference leads to.</summary>
/// <param name="TenantId">The tenant; null for a request that was refused before it was known.</param>
/// <param name="Tenant">The name of the tenant.</param>
/// <param name="Request">The request of the tenant.</param>
/// <param name="Refused">The request that was refused.</param>
public sealed record FoundRequestView(int? TenantId, string? Tenant, RequestView? Request, RefusedRequestView? Refused)
{
    internal static FoundRequestView Of(FoundRequest found) => new(
        found.Tenant?.Id,
        found.Tenant?.Name,
        found.Request is { } request ? RequestView.Of(request) : null,
        found.Refused is { } refused ? RefusedRequestView.Of(refused) : null);
}

/// <summary>What a tenant has asked for lately.</summary>
/// <param name="TenantId">The tenant.</param>
/// <param name="Tenant">Its name.</param>
/// <param name="Requests">Requests in the time that was asked about.</param>
/// <param name="Failures">Those that failed.</param>
/// <param name="Unrecorded">Those that were counted and are not in the log, because more came than it takes.</param>
/// <param name="LastSeen">When the last one began, however long ago.</param>
public sealed record TenantActivityView(int TenantId, string Tenant, long Requests, long Failures, long Unrecorded, DateTimeOffset? LastSeen)
{
    internal static TenantActivityView Of(TenantActivity activity) =>
        new(activity.Tenant.Id, activity.Tenant.Name, activity.Requests, activity.Failures, activity.Unrecorded, activity.LastSeen);
}
