using Scim.EntityFrameworkCore.Provisioning;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>
/// Who asks. Set once per request by authentication; everything that reads or writes a tenant's rows takes the tenant from
/// here, so there is no way to ask for another.
/// </summary>
public sealed class TenantContext
{
    /// <summary>The name in change records of what an operator did; who it was is in the log of their actions.</summary>
    private const string OperatorActor = "operator";

    private AuthenticatedToken? token;

    /// <summary>Made by the container, for one request.</summary>
    public TenantContext(TimeProvider time)
        : this(RequestReference.Create(time.GetUtcNow()))
    {
    }

    private TenantContext(Guid txn) => Txn = txn;

    /// <summary>The tenant's id.</summary>
    public int TenantId => Token.TenantId;

    /// <summary>The tenant's name.</summary>
    public string TenantName => Token.TenantName;

    /// <summary>The name of the access token, as change records carry it.</summary>
    public string Actor => Token.TokenName;

    /// <summary>The id of the access token.</summary>
    public Guid TokenId => Token.TokenId;

    /// <summary>True once a token has been accepted.</summary>
    public bool IsAuthenticated => token is not null;

    /// <summary>
    /// One value per request, written as <see cref="RequestReference"/> has it: the correlation id of its log line and answer, the
    /// reference in its error, and the <c>txn</c> of its change records. Each operation of a bulk has one of its own, made from it.
    /// </summary>
    public Guid Txn { get; }

    private AuthenticatedToken Token => token ?? throw new InvalidOperationException("No access token has been accepted yet.");

    /// <summary>The same tenant and token for one write of an operation of a bulk, which is a transaction of its own.</summary>
    /// <param name="index">The position of the operation in the request.</param>
    /// <param name="step">Which of its writes.</param>
    public TenantContext ForOperation(int index, int step = 0) => new(RequestReference.OfOperation(Txn, index, step)) { token = Token };

    /// <summary>What an operator changes of a tenant's resources.</summary>
    internal static TenantContext OfOperator(Tenant tenant, Guid txn) =>
        new(txn) { token = new AuthenticatedToken(tenant.Id, tenant.Name, Guid.Empty, OperatorActor, AccessScopes.None) };

    /// <summary>Accepts a token for the rest of the request.</summary>
    public void Accept(AuthenticatedToken accepted)
    {
        if (token is not null && token != accepted)
        {
            throw new InvalidOperationException("The request already belongs to a tenant.");
        }

        if (accepted.IsOperator)
        {
            throw new InvalidOperationException("A token of the operator belongs to no tenant.");
        }

        token = accepted;
    }
}
