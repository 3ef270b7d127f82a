using System.CommandLine;
using ScimServer.Benchmarks;
using ScimServer.Benchmarks.Micro;

var root = new RootCommand("Benchmarks of ScimServer; see docs/performance.md.")
{
    LoadCommand.Create(),
    QueriesCommand.Create(),
    MembershipCommand.Create(),
    MicroCommand.Create(),
    CostsCommand.Create(),
    FootprintCommand.Create(),
    InstancesCommand.Create(),
    EventsCommand.Create(),
    ServeCommand.Create(),
    FloorServer.CreateCommand(),
    ReceiveCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
