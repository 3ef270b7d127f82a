using System.Text;

namespace ScimServer.Http;

/// <summary>Reads <c>/scim/v2//Users/</c> as <c>/scim/v2/Users</c>: base URLs are pasted with a slash too many (ALL-02).</summary>
internal static class PathNormalizer
{
    public static Task NormalizeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.Value is { Length: > 1 } path && (path.Contains("//", StringComparison.Ordinal) || path[^1] == '/'))
        {
            context.Request.Path = Normalize(path);
        }

        return next(context);
    }

    private static string Normalize(string path)
    {
        var normal = new StringBuilder(path.Length);
        foreach (var c in path)
        {
            if (c != '/' || normal.Length == 0 || normal[^1] != '/')
            {
                normal.Append(c);
            }
        }

        return normal.Length > 1 && normal[^1] == '/' ? normal.ToString(0, normal.Length - 1) : normal.ToString();
    }
}
