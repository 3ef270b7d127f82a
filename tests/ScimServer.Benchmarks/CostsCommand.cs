using System.CommandLine;
using Npgsql;

namespace ScimServer.Benchmarks;

/// <summary><c>costs</c>: what a part of the server costs a GET of a user, by two servers that differ in that part alone, asked in turn.</summary>
internal static class CostsCommand
{
    private const int Clients = 16;

    /// <summary>A role that policies hold for: that of the benchmarks must be a superuser, who passes through them.</summary>
    private const string Role = "scim_behind_the_wall";

    private static readonly (string, string) WithoutAuthentication = (ServeCommand.TrustsEveryone, "1");

    public static Command Create()
    {
        var command = new Command("costs", "Measures what authentication, row-level security and the provisioning log cost.")
        {
            BenchmarkOptions.Postgres, BenchmarkOptions.Json, BenchmarkOptions.Rounds, BenchmarkOptions.Seconds, BenchmarkOptions.WarmUp,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(BenchmarkOptions.Postgres), RunPlan.Of(parsed), parsed.GetValue(BenchmarkOptions.Json)));
        return command;
    }

    private static async Task<int> RunAsync(string? given, RunPlan plan, string? json)
    {
        await using var postgres = await PostgreSql.OpenAsync(given);
        var size = new DataSize(100_000, 20_000);
        var database = await BenchmarkDatabase.OpenAsync(postgres, size);
        await using var issuer = await BenchmarkIssuer.StartAsync();
        var costs = new List<Scenario>
        {
            await CompareAsync("access token, against no authentication", 0.95, size, plan, database, new(database), new(database, WithoutAuthentication)),
            await CompareAsync("JWT, against no authentication", 0.85, size, plan, database, new(database, [.. issuer.Settings]) { Token = issuer.CreateToken() }, new(database, WithoutAuthentication)),
            await CompareAsync("provisioning log", 0.95, size, plan, database, new(database), new(database, ("ProvisioningLog__Enabled", "false"))),
        };
        costs.Add(await CompareWallAsync(size, plan, database));
        await Report.TableAsync(
            ["GET /Users/{id} with", "clients", "with/s", "without/s", "ratio", "wanted", "CPU (ms): with, without"],
            costs.Select(cost => (string[])
            [
                cost.Name, Report.Number(cost.Clients), Report.Number(Scenario.Middle(cost.Server).PerSecond), Report.Number(Scenario.Middle(cost.Floor).PerSecond), Report.Ratio(cost.Ratio),
                Report.Ratio(cost.Wanted!.Value), $"{Report.Milliseconds(Scenario.Middle(cost.Server).Cpu)}, {Report.Milliseconds(Scenario.Middle(cost.Floor).Cpu)}",
            ]));
        await Report.JsonAsync(json, costs.Select(cost => cost.Figures));
        return 0;
    }

    private static async Task<Scenario> CompareAsync(string name, double wanted, DataSize size, RunPlan plan, string database, ServerSetup with, ServerSetup without)
    {
        await using var first = await ServerProcess.StartMeasuredAsync(with);
        await using var second = await ServerProcess.StartMeasuredAsync(without);
        return await MeasureAsync(name, wanted, size, plan, database, first, second);
    }

    private static async Task<Scenario> MeasureAsync(string name, double wanted, DataSize size, RunPlan plan, string database, ServerProcess with, ServerProcess without)
    {
        var scenario = new Scenario(name, Clients, _ => ReadAsync(with, size), _ => ReadAsync(without, size)) { Wanted = wanted };
        await Scenario.RunAsync([scenario], plan, with, without, await DatabaseCpu.OpenAsync(database));
        return scenario;
    }

    /// <summary>The one without policies goes on when they are there: its role passes through them.</summary>
    private static async Task<Scenario> CompareWallAsync(DataSize size, RunPlan plan, string database)
    {
        await using var without = await ServerProcess.StartMeasuredAsync(new(database));
        await SetPoliciesAsync(database, on: true);
        try
        {
            var behind = new NpgsqlConnectionStringBuilder(database) { Username = Role }.ConnectionString;
            await using var with = await ServerProcess.StartMeasuredAsync(new(behind, ("Database__RowLevelSecurity", "true")));
            return await MeasureAsync("row-level security", 0.90, size, plan, database, with, without);
        }
        finally
        {
            await SetPoliciesAsync(database, on: false);
        }
    }

    private static Task<double> ReadAsync(ServerProcess server, DataSize size) => Requests.ReadAsync(server, $"Users/{People.UserId(Random.Shared.Next(size.Users))}");

    /// <summary>As <c>database row-level-security</c> on the command line does it.</summary>
    private static async Task SetPoliciesAsync(string database, bool on)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using (var role = source.CreateCommand($"""
            DO $$ BEGIN CREATE ROLE {Role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT ALL ON SCHEMA public TO {Role};
            GRANT ALL ON ALL TABLES IN SCHEMA public TO {Role};
            GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {Role};
            """))
        {
            await role.ExecuteNonQueryAsync();
        }

        await ServerProcess.RunCommandAsync(new(database, ("Database__RowLevelSecurity", "true")), "database", "row-level-security", on ? "on" : "off");
    }
}
