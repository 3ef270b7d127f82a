using System.Reflection;
using ScimServer.Tests.Infrastructure;
using Xunit.Sdk;

namespace ScimServer.Tests.RfcExamples;

/// <summary>
/// The worked examples of RFC 7643 §8 and RFC 7644 §3, in the files beside this one; those of §3.7 are in the folder Bulk, the
/// schemas of §8.7 in the folder Discovery. A file is a list of requests. <c>as x</c> gives the id of what is created the name x
/// by which the RFC calls it; <c>If-Match: current</c> sends the version that the resource has. Behind <c>=&gt;</c> stand the status
/// and what the answer has; null says what it has not.
/// </summary>
public sealed class RfcExampleTests
{
    private static readonly string Folder = Path.Combine(HouseTests.Root, "tests", "ScimServer.Tests", "RfcExamples");

    [SkippableTheory]
    [EachExample]
    public async Task An_example_is_answered_as_the_RFC_says(Database database, string example)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var names = new Dictionary<string, string> { ["{base}"] = scim.BaseUrl };
        foreach (var step in Steps(await File.ReadAllLinesAsync(Path.Combine(Folder, example))))
        {
            var path = Replace(names, step.Path);
            (string, string)[] headers = step.Condition is null ? [] : [(step.Condition, (await scim.GetAsync(path.Split('?')[0])).ETag!)];
            var body = step.Body.Length == 0 ? null : Replace(names, step.Body);

            var answer = (await scim.SendAsync(new HttpMethod(step.Method), path, body, headers)).Expect(step.Status);

            if (step.Name is not null)
            {
                names[step.Name] = (string)answer.Object["id"]!;
            }

            if (step.Expected.Length > 0)
            {
                JsonAssert.Has(Replace(names, step.Expected), answer.Object);
            }
        }
    }

    private static string Replace(Dictionary<string, string> names, string text) =>
        names.Aggregate(text, (replaced, name) => replaced.Replace(name.Key, name.Value, StringComparison.Ordinal));

    private static IEnumerable<Step> Steps(string[] lines)
    {
        Step? step = null;
        var isAnswer = false;
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#').Append("END"))
        {
            var words = line.Split(' ');
            if (words[0] is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "END")
            {
                if (step is not null)
                {
                    yield return step;
                }

                (step, isAnswer) = (new Step(words[0], words.ElementAtOrDefault(1) ?? "") { Name = words.ElementAtOrDefault(3) }, false);
            }
            else if (words[0] == "=>")
            {
                (step, isAnswer) = (step! with { Status = int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture) }, true);
            }
            else if (line.StartsWith("If-", StringComparison.Ordinal))
            {
                step = step! with { Condition = words[0].TrimEnd(':') };
            }
            else
            {
                step = isAnswer ? step! with { Expected = step.Expected + line + "\n" } : step! with { Body = step.Body + line + "\n" };
            }
        }
    }

    private sealed record Step(string Method, string Path)
    {
        public string? Name { get; init; }

        public string? Condition { get; init; }

        public string Body { get; init; } = "";

        public int Status { get; init; }

        public string Expected { get; init; } = "";
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class EachExampleAttribute : DataAttribute
    {
        public override IEnumerable<object?[]> GetData(MethodInfo testMethod) =>
            from database in Enum.GetValues<Database>()
            from file in Directory.GetFiles(Folder, "*.txt").Order(StringComparer.Ordinal)
            select (object?[])[database, Path.GetFileName(file)];
    }
}
