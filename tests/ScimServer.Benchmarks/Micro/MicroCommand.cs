using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ScimServer.Benchmarks.Micro;

/// <summary><c>micro</c>: the work of the server without HTTP and database, in time and bytes.</summary>
internal static class MicroCommand
{
    private static readonly Option<string> Only = new("--only") { Description = "Only benchmarks whose name matches, such as *Filter*.", DefaultValueFactory = _ => "*" };

    public static Command Create()
    {
        var command = new Command("micro", "Measures parsing, filters, PATCH, validation and projection in this process.") { Only };
        command.SetAction(parsed => Run(parsed.GetValue(Only)!));
        return command;
    }

    private static int Run(string only)
    {
        var job = Job.ShortRun.WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(5), logOutput: false));
        var config = DefaultConfig.Instance.AddJob(job).WithArtifactsPath(Path.Combine(Path.GetTempPath(), "scim-micro"));
        BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(["--filter", only, "--join"], config);
        return 0;
    }
}
