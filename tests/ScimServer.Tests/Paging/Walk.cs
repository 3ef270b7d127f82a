using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Paging;

/// <summary>Walks through a list by cursor.</summary>
internal static class Walk
{
    /// <summary>The ids of all pages. <paramref name="query"/> is the query string without the cursor; <paramref name="between"/> runs after each page but the last.</summary>
    public static async Task<List<string>> IdsAsync(ScimClient scim, string path, string query, Func<int, Task>? between = null)
    {
        var (ids, cursor) = (new List<string>(), "");
        for (var page = 1; page < 1_000; page++)
        {
            var answer = (await scim.GetAsync($"{path}?{query}&cursor={cursor}")).Expect(200);
            Assert.Null(answer.Object["startIndex"]);
            Assert.Equal(answer.Ids.Length, (int)answer.Object["itemsPerPage"]!);
            ids.AddRange(answer.Ids);
            if ((string?)answer.Object["nextCursor"] is not { } next)
            {
                return ids;
            }

            Assert.Matches("^[A-Za-z0-9._~-]+$", next);
            cursor = next;
            await (between?.Invoke(page) ?? Task.CompletedTask);
        }

        throw new InvalidOperationException("The walk does not end.");
    }
}
