using System.Reflection;
using Xunit.Sdk;

namespace ScimServer.Tests.Infrastructure;

/// <summary>The databases that every test over HTTP runs on.</summary>
public enum Database
{
    Sqlite,
    PostgreSql,
}

/// <summary>Runs a theory once on each database; arguments given here follow the database.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EachDatabaseAttribute(params object?[] arguments) : DataAttribute
{
    public override IEnumerable<object?[]> GetData(MethodInfo testMethod) =>
        Enum.GetValues<Database>().Select(database => (object?[])[database, .. arguments]);
}
