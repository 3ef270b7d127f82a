namespace ScimServer.Http;

/// <summary>Methods for logs: a method is whatever the client wrote, and only those of HTTP are repeated.</summary>
internal static class RequestMethods
{
    /// <summary>The method, or OTHER.</summary>
    public static string Known(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsPost(method) || HttpMethods.IsPut(method)
        || HttpMethods.IsPatch(method) || HttpMethods.IsDelete(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method)
            ? method
            : "OTHER";
}
