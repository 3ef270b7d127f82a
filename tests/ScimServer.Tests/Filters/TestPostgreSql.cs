namespace ScimServer.Tests.Filters;

internal static class TestPostgreSql
{
    public const string Absent = "SCIM_TEST_POSTGRES holds no connection string.";

    public static string? ConnectionString { get; } = Environment.GetEnvironmentVariable("SCIM_TEST_POSTGRES");
}
