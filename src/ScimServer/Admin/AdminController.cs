using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Authentication;
using ScimServer.Http;

namespace ScimServer.Admin;

/// <summary>What the endpoints of the admin API share: the operator's token, a document of their own, problems as errors.</summary>
[Authorize(ScimPolicies.Admin)]
[ApiExplorerSettings(GroupName = DocumentName)]
[Produces("application/json")]
[Operator]
public abstract class AdminController : ControllerBase
{
    internal const string DocumentName = "admin";

    private const int MaxCount = 1000;

    private protected CancellationToken Aborted => HttpContext.RequestAborted;

    /// <summary>The tenant of the path.</summary>
    private protected async Task<Tenant> TenantAsync(Tenants tenants, int id) =>
        await tenants.FindAsync(id, Aborted) ?? throw new AccessException($"There is no tenant with the id {id}.") { Fault = AccessFault.NotFound };

    /// <summary>How many records a page is to have.</summary>
    private protected static int Count(int count, int max = MaxCount) =>
        count >= 1 && count <= max ? count : throw new AccessException($"\"count\" must be 1 to {max}.") { Field = "count" };

    /// <summary>Answers with a secret, which is shown this once and kept by nobody on the way.</summary>
    private protected ObjectResult Issued(object view)
    {
        Response.Headers.CacheControl = "no-store";
        return StatusCode(StatusCodes.Status201Created, view);
    }

    /// <summary>A time of the query, which is in UTC unless it says otherwise. The framework brings one that does to UTC.</summary>
    private protected static DateTimeOffset? Utc(DateTime? time) => time is { } given ? new DateTimeOffset(DateTime.SpecifyKind(given, DateTimeKind.Utc)) : null;

    /// <summary>Acts in the name of the token, and answers what cannot be done with a problem.</summary>
    private sealed class OperatorAttribute : ActionFilterAttribute, IAsyncExceptionFilter
    {
        public override async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
        {
            if (context.ModelState.FirstOrDefault(entry => entry.Value!.Errors.Count > 0) is { Key: not null, Value: { } wrong } member)
            {
                // The message of a parser shows what was sent, a secret perhaps; where it is says enough.
                var field = member.Key.TrimStart('$', '.');
                await ProblemWriter.WriteAsync(
                    context.HttpContext,
                    StatusCodes.Status400BadRequest,
                    field.Length == 0 ? "The body is not the JSON object that this endpoint takes." : $"\"{Scim.Errors.ScimErrors.Shorten(field)}\" is missing or cannot be read.",
                    field.Length == 0 ? null : field);
                context.Result = new EmptyResult();
                return;
            }

            using (AdminActor.Act(context.HttpContext.User.Identity?.Name ?? "-"))
            {
                await next();
            }
        }

        public async Task OnExceptionAsync(ExceptionContext context)
        {
            if (context.Exception is AccessException refusal)
            {
                await ProblemWriter.WriteAsync(context.HttpContext, refusal.ToScim().Error.Status, refusal.Message, refusal.Field);
                context.ExceptionHandled = true;
            }
        }
    }
}
