using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Sqlite;
using SQLitePCL;

namespace ScimServer.Tests.Infrastructure;

/// <summary>
/// Watches every statement that this process sends to a database, whoever sends it: one that touches a table of tenants without
/// naming the tenant fails the run. PostgreSQL's are seen in the traces of Npgsql, SQLite's by its own trace.
/// </summary>
internal static partial class TenantSql
{
    private static readonly ConcurrentQueue<string> Offences = new();
    private static long seen;

    private static readonly HashSet<string> Tables = ReadTables();

    /// <summary>How many statements touched a table of tenants so far.</summary>
    public static long Seen => Interlocked.Read(ref seen);

    /// <summary>Fails when a statement without its tenant was seen.</summary>
    public static void AssertNone() => Assert.True(Offences.IsEmpty, "Without the tenant: " + string.Join("\n\n", Offences));

    /// <summary>Whether each table of tenants in the statement is read or written by tenant. Tests that ask for a plan read nothing.</summary>
    public static bool NamesTenant(string sql)
    {
        var text = Literal().Replace(sql, "''");
        var tables = Reference().Matches(text).Where(match => Tables.Contains(match.Groups["table"].Value)).ToList();
        if (tables.Count == 0 || text.Contains("EXPLAIN", StringComparison.Ordinal))
        {
            return true;
        }

        Interlocked.Increment(ref seen);
        var inserted = tables.Where(match => match.Groups["verb"].Value.Equals("into", StringComparison.OrdinalIgnoreCase)).ToList();
        return inserted.TrueForAll(match => InsertedTenant().IsMatch(text[match.Index..])) && Condition().Count(text) >= tables.Count - inserted.Count;
    }

    [ModuleInitializer]
    internal static void Watch()
    {
        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Look((activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) as string),
        });
        DiagnosticListener.AllListeners.Subscribe(new Listeners());
    }

    private static HashSet<string> ReadTables()
    {
        using var context = new SqliteScimDbContext(new DbContextOptionsBuilder<SqliteScimDbContext>().UseSqlite().Options);
        return [.. TenantTables.Walled(context.Model).Select(type => type.GetTableName()!)];
    }

    private static void Look(string? sql)
    {
        if (sql is not null && !NamesTenant(sql))
        {
            Offences.Enqueue(sql);
        }
    }

    [GeneratedRegex("'(?:[^']|'')*'")]
    private static partial Regex Literal();

    [GeneratedRegex("""\b(?<verb>from|join|into|update)\s+(?:only\s+)?"?(?<table>\w+)"?""", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();

    [GeneratedRegex("""^into\s+"?\w+"?(?:\s+as\s+\w+)?\s*\([^)]*\btenant_id\b""", RegexOptions.IgnoreCase)]
    private static partial Regex InsertedTenant();

    [GeneratedRegex("""tenant_id"?\s*=|where\s+(?:false|0)\b|using\s*\(\s*tenant_id""", RegexOptions.IgnoreCase)]
    private static partial Regex Condition();

    private sealed class Listeners : IObserver<DiagnosticListener>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name)
            {
                value.Subscribe(new Connections(), name => name == RelationalEventId.ConnectionOpened.Name);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private sealed class Connections : IObserver<KeyValuePair<string, object?>>
    {
        private static readonly strdelegate_trace Trace = (_, statement) => Look(statement);

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is ConnectionEndEventData { Connection: SqliteConnection { Handle: { } handle } })
            {
                raw.sqlite3_trace(handle, Trace, null);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
