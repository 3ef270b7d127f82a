using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using Scim.Errors;
using ScimServer.Authentication;
using ScimServer.Http;

namespace ScimServer.Events.SecurityEvents;

/// <summary>What the endpoints for receivers share: the tenant's token with the scope <c>events</c>, and its name in the log of what was done.</summary>
[Authorize(ScimPolicies.Events)]
[ApiExplorerSettings(GroupName = EventsController.Path)]
[StreamsEnabled]
[Receiver]
public abstract class SsfController(EventStreams streams, TenantContext tenant) : ControllerBase
{
    private protected CancellationToken Aborted => HttpContext.RequestAborted;

    private protected EventStreams Streams => streams;

    private protected Tenant Tenant => new(tenant.TenantId, tenant.TenantName, default);

    /// <summary>The stream of that id.</summary>
    /// <exception cref="ScimException">404.</exception>
    private protected async Task<EventStreamRow> StreamAsync(string? id) =>
        Guid.TryParse(id, out var streamId) && await streams.FindAsync(tenant.TenantId, streamId, Aborted) is { } stream
            ? stream
            : throw ScimErrors.NotFound("There is no stream with that id.");

    /// <summary>Acts in the name of the token, and turns what cannot be done into an error.</summary>
    private sealed class ReceiverAttribute : ActionFilterAttribute, IExceptionFilter
    {
        public override async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
        {
            using (AdminActor.Act($"token {context.HttpContext.User.Identity?.Name ?? "-"} of the tenant"))
            {
                await next();
            }
        }

        public void OnException(ExceptionContext context)
        {
            if (context.Exception is AccessException refusal)
            {
                throw refusal.ToScim();
            }
        }
    }
}
