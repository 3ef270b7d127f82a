using System.Collections.Concurrent;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("ScimServer.Tests.Infrastructure.TestRun", "ScimServer.Tests")]

namespace ScimServer.Tests.Infrastructure;

/// <summary>
/// The run of the whole assembly: what was started for it is stopped before the runner hears that it is finished, because
/// the runner ends the process right after. What was started for one class is stopped when its tests have run: servers look for
/// work several times a second, and hundreds that nobody asks any more would take the processor from the tests that are left.
/// </summary>
public sealed class TestRun(IMessageSink messageSink) : XunitTestFramework(messageSink)
{
    private static readonly ConcurrentStack<Action> Endings = new();

    private static readonly AsyncLocal<ConcurrentStack<IAsyncDisposable>?> OfClass = new();

    /// <summary>Runs the action when the run ends; the last one first.</summary>
    internal static void OnEnd(Action ending) => Endings.Push(ending);

    /// <summary>Stops it when the tests of the class that started it have run, or with the run when it was started <see cref="ForAllAsync"/>.</summary>
    internal static void StopLater<T>(T started)
        where T : IAsyncDisposable, IDisposable
    {
        if (OfClass.Value is { } ofClass)
        {
            ofClass.Push(started);
        }
        else
        {
            OnEnd(started.Dispose);
        }
    }

    /// <summary>Starts what tests of several classes share, whichever of them comes first.</summary>
    internal static async Task<T> ForAllAsync<T>(Func<Task<T>> start)
    {
        OfClass.Value = null;
        return await start();
    }

    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assemblyName, ISourceInformationProvider source, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assemblyName, source, diagnostics)
    {
        protected override async void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            using var runner = new Runner(TestAssembly, testCases, DiagnosticMessageSink, executionMessageSink, executionOptions);
            await runner.RunAsync();
        }
    }

    private sealed class Runner(
        ITestAssembly assembly, IEnumerable<IXunitTestCase> cases, IMessageSink diagnostics, IMessageSink execution, ITestFrameworkExecutionOptions options)
        : XunitTestAssemblyRunner(assembly, cases, diagnostics, execution, options)
    {
        /// <summary>What looks at the log of the run comes when all others have written theirs.</summary>
        protected override async Task<RunSummary> RunTestCollectionsAsync(IMessageBus messageBus, CancellationTokenSource cancellationTokenSource)
        {
            var all = TestCases.ToLookup(test => test.TestMethod.TestClass.Class.Name == typeof(Observability.RunLogTests).FullName);
            TestCases = all[false];
            var summary = await base.RunTestCollectionsAsync(messageBus, cancellationTokenSource);
            TestCases = all[true];
            summary.Aggregate(await base.RunTestCollectionsAsync(messageBus, cancellationTokenSource));
            return summary;
        }

        protected override async Task<RunSummary> RunTestCollectionAsync(
            IMessageBus messageBus, ITestCollection testCollection, IEnumerable<IXunitTestCase> testCases, CancellationTokenSource cancellationTokenSource)
        {
            var started = OfClass.Value = new();
            var summary = await base.RunTestCollectionAsync(messageBus, testCollection, testCases, cancellationTokenSource);
            await Task.WhenAll(started.Select(one => one.DisposeAsync().AsTask()));
            return summary;
        }

        protected override Task BeforeTestAssemblyFinishedAsync()
        {
            while (Endings.TryPop(out var ending))
            {
                ending();
            }

            RunLog.End();

            return base.BeforeTestAssemblyFinishedAsync();
        }
    }
}
