using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;
using Scim.Errors;

namespace ScimServer.Events.SecurityEvents;

/// <summary>There is nothing here when streams are switched off.</summary>
internal sealed class StreamsEnabledAttribute : ActionFilterAttribute
{
    public override void OnActionExecuting(ActionExecutingContext context)
    {
        if (!context.HttpContext.RequestServices.GetRequiredService<IOptions<SecurityEventsOptions>>().Value.Enabled)
        {
            throw ScimErrors.NotFound($"Streams of security events are switched off ({SecurityEventsOptions.Section}:{nameof(SecurityEventsOptions.Enabled)}).");
        }
    }
}
