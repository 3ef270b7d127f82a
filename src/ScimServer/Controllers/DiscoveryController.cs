using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Scim.Errors;

namespace ScimServer.Controllers;

/// <summary>What the three discovery endpoints share (RFC 7644 §4): they are read only, belong to no tenant, and do not filter.</summary>
[RefuseFilter]
public abstract class DiscoveryController : ControllerBase
{
    internal static ScimException NoFilter() => ScimErrors.Forbidden("This endpoint does not filter. Leave \"filter\" out (RFC 7644, 4).");

    /// <summary>A filter that was passed over would make the client believe that all of the answer matches it: 403 (RFC 7644 §4).</summary>
    private sealed class RefuseFilterAttribute : ActionFilterAttribute
    {
        public override void OnActionExecuting(ActionExecutingContext context)
        {
            if (context.HttpContext.Request.Query.ContainsKey("filter"))
            {
                throw NoFilter();
            }
        }
    }
}
