using System.CommandLine;
using ScimServer.Benchmarks;

var root = new RootCommand("Benchmarks of ScimServer over HTTP on PostgreSQL; see docs/performance.md.")
{
    LoadCommand.Create(),
    QueriesCommand.Create(),
    MembershipCommand.Create(),
    FloorServer.CreateCommand(),
};
return await root.Parse(args).InvokeAsync();
