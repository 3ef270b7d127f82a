using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Scim;
using Scim.EntityFrameworkCore;

namespace ScimServer.Tests;

/// <summary>The laws of the house that a compiler does not hold: who may know whom, and what things are called.</summary>
public partial class HouseTests
{
    internal static readonly string Root = FindRoot();

    private static readonly Assembly[] Assemblies = [typeof(ScimLimits).Assembly, typeof(DatabaseOptions).Assembly, typeof(Program).Assembly];

    /// <summary>The rooms of the protocol: each may use those before it.</summary>
    private static readonly string[] Rooms = ["Json", "Errors", "Schemas", "Paths", "Resources", "Filters", "Projections", "Patching", "Queries", "Bulk"];

    private static readonly string[] BannedFolders =
        ["Helpers", "Utils", "Utilities", "Common", "Shared", "Managers", "Services", "Infrastructure", "Domain", "Application", "Models", "Interfaces", "Extensions", "Misc"];

    [Theory]
    [InlineData("Scim")]
    [InlineData("Scim.EntityFrameworkCore", "Scim")]
    [InlineData("ScimServer", "Scim.EntityFrameworkCore")]
    public void Projects_depend_in_one_direction(string project, params string[] expected)
    {
        var file = XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj"));
        var references = file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));
        Assert.Equal(expected, references);
    }

    [Fact]
    public void The_protocol_knows_no_web_no_database_and_no_container()
    {
        var references = typeof(ScimLimits).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
        var project = XDocument.Load(Path.Combine(Root, "src", "Scim", "Scim.csproj"));
        Assert.Empty(project.Descendants("PackageReference").Concat(project.Descendants("FrameworkReference")));
    }

    [Fact]
    public void Persistence_knows_no_web()
    {
        var references = typeof(DatabaseOptions).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
        Assert.DoesNotContain(references, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void Rooms_of_the_protocol_use_only_those_before_them()
    {
        var wrong = from file in Sources("Scim")
                    let room = RoomOf(file)
                    where room is not null
                    from used in UsedRooms(file)
                    where used != room && !MayUse(room, used)
                    select $"{Relative(file)} uses {used}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_room_of_the_protocol_has_its_place_in_the_order()
    {
        var folders = Directory.GetDirectories(Path.Combine(Root, "src", "Scim")).Select(folder => Path.GetFileName(folder)!);
        Assert.Empty(folders.Except([.. Rooms, "Dialects", "bin", "obj"]));
    }

    [Fact]
    public void Classes_are_sealed_abstract_or_static()
    {
        var open = Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && !IsGenerated(type))
            .Select(type => type.FullName);
        Assert.Empty(open);
    }

    [Fact]
    public void An_interface_has_at_least_two_implementations()
    {
        var types = Assemblies.SelectMany(assembly => assembly.GetTypes()).ToList();
        var lonely = types.Where(type => type.IsInterface && types.Count(other => other.IsClass && type.IsAssignableFrom(other)) < 2).Select(type => type.FullName);
        Assert.Empty(lonely);
    }

    [Fact]
    public void Folders_are_called_by_what_is_in_them()
    {
        var folders = Directory.GetDirectories(Path.Combine(Root, "src"), "*", SearchOption.AllDirectories);
        Assert.Empty(folders.Where(folder => BannedFolders.Contains(Path.GetFileName(folder))).Select(Relative));
    }

    [Fact]
    public void Time_comes_from_TimeProvider_and_case_from_Folding()
    {
        var wrong = from file in AllSources()
                    where Path.GetFileName(file) != "Folding.cs"
                    from line in File.ReadLines(file)
                    where Banned().IsMatch(line) && !line.Contains("Expression<", StringComparison.Ordinal) // becomes SQL, which folds what is ASCII anyway
                    select $"{Relative(file)}: {line.Trim()}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        var wrong = AllSources().Where(file => Unfinished().IsMatch(File.ReadAllText(file))).Select(Relative);
        Assert.Empty(wrong);
    }

    /// <summary>Dialects rewrite JSON before anything reads it, so they see JSON, what describes attributes and nothing else.</summary>
    private static bool MayUse(string room, string used) => room == "Dialects"
        ? used is "Json" or "Errors" or "Schemas" or "Paths"
        : used != "Dialects" && Array.IndexOf(Rooms, used) < Array.IndexOf(Rooms, room);

    private static IEnumerable<string> UsedRooms(string file) =>
        UsingLine().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Distinct();

    private static string? RoomOf(string file)
    {
        var parts = Path.GetRelativePath(Path.Combine(Root, "src", "Scim"), file).Split(Path.DirectorySeparatorChar);
        return parts.Length > 1 ? parts[0] : null;
    }

    private static IEnumerable<string> AllSources() => Sources("Scim").Concat(Sources("Scim.EntityFrameworkCore")).Concat(Sources("ScimServer"));

    private static IEnumerable<string> Sources(string project) =>
        Directory.GetFiles(Path.Combine(Root, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Generated().IsMatch(file.Replace('\\', '/')));

    private static string Relative(string path) => Path.GetRelativePath(Root, path);

    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute))
        || type.Name.StartsWith('<')
        || type.DeclaringType is { } outer && IsGenerated(outer)
        || (type.Namespace?.EndsWith(".Migrations", StringComparison.Ordinal) ?? true)
        || type.Namespace.StartsWith("System.", StringComparison.Ordinal)
        || type.Namespace.StartsWith("Microsoft.", StringComparison.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ScimServer.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("ScimServer.sln is in none of the folders above the tests.");
    }

    [GeneratedRegex(@"^\s*using (?:static )?Scim\.(\w+)[.;]", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"/(bin|obj|Migrations)/")]
    private static partial Regex Generated();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bGuid\.NewGuid\(|\.To(Lower|Upper)\(\)")]
    private static partial Regex Banned();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Unfinished();
}
