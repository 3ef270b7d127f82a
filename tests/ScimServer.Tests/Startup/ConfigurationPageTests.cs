using System.Reflection;
using Scim;
using Scim.EntityFrameworkCore;

namespace ScimServer.Tests.Startup;

public class ConfigurationPageTests
{
    [Fact]
    public void The_page_names_every_setting()
    {
        var page = File.ReadAllText(Path.Combine(HouseTests.Root, "docs", "configuration.md"));
        var settings = from assembly in (Assembly[])[typeof(ScimLimits).Assembly, typeof(DatabaseOptions).Assembly, typeof(Program).Assembly]
                       from type in assembly.GetExportedTypes()
                       where type.Name.EndsWith("Options", StringComparison.Ordinal) || type == typeof(ScimLimits)
                       from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                       where property.Name != nameof(DatabaseOptions.ConnectionString)
                       select property.Name;
        Assert.DoesNotContain(settings, name => !page.Contains($":{name}`", StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_states_the_defaults_of_the_bounds()
    {
        var page = File.ReadAllText(Path.Combine(HouseTests.Root, "docs", "configuration.md"));
        var limits = new ScimLimits();
        Assert.All(typeof(ScimLimits).GetProperties(), bound => Assert.Contains($"`Scim:Limits:{bound.Name}` | `{bound.GetValue(limits)}`", page, StringComparison.Ordinal));
    }
}
