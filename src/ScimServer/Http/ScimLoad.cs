namespace ScimServer.Http;

/// <summary>How busy the server is with SCIM requests, for work that stands back behind them.</summary>
internal sealed class ScimLoad(TimeProvider time)
{
    private readonly Lock turn = new();
    private long underWay;
    private long answered;

    /// <summary>When the requests that were answered ended, less when all that came began: with now for those under way, the time that they took in all.</summary>
    private long balance;

    /// <summary>Counts a request while it is answered.</summary>
    public async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        if (!ScimEndpoint.Has(context.Request))
        {
            await next(context);
            return;
        }

        Begin();
        try
        {
            await next(context);
        }
        finally
        {
            End();
        }
    }

    /// <summary>A request has come.</summary>
    public void Begin()
    {
        lock (turn)
        {
            underWay++;
            balance -= time.GetTimestamp();
        }
    }

    /// <summary>A request has been answered.</summary>
    public void End()
    {
        lock (turn)
        {
            underWay--;
            answered++;
            balance += time.GetTimestamp();
        }
    }

    /// <summary>How many were answered since the start, and the time that they and those under way took in all.</summary>
    public (long Answered, TimeSpan Taken) Total()
    {
        lock (turn)
        {
            return (answered, time.GetElapsedTime(0, balance + (underWay * time.GetTimestamp())));
        }
    }
}
