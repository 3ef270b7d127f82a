using Xunit.Abstractions;

[assembly: TestCollectionOrderer("ScimServer.Tests.Infrastructure.LongestFirst", "ScimServer.Tests")]

namespace ScimServer.Tests.Infrastructure;

/// <summary>Begins with the classes that take longest: one that began when the others were done would keep the run waiting alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>By what they took together on two cores; all others take less.</summary>
    private static readonly List<string> Longest =
    [
        .. new[]
        {
            typeof(SecurityEvents.PushRefusalTests),
            typeof(Webhooks.ProcessTests),
            typeof(Webhooks.FailureTests),
            typeof(SecurityEvents.PushTests),
            typeof(Webhooks.HeldResourcesTests),
            typeof(Cli.CommandLineTests),
            typeof(Webhooks.DeliveryTests),
            typeof(SecurityEvents.PushBoundTests),
            typeof(Startup.FirstRunTests),
        }.Select(type => "Test collection for " + type.FullName),
    ];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Longest.IndexOf(collection.DisplayName) is var place && place >= 0 ? place : Longest.Count);
}
