namespace ScimServer.Tests.Startup;

/// <summary>Definitions that cannot be served end the start like other settings that make no sense.</summary>
public sealed class SchemaFolderTests
{
    [Fact]
    public async Task Faults_of_the_files_are_told_by_file_and_pointer()
    {
        using var folder = new ProcessFolder();
        var schemas = Directory.CreateDirectory(Path.Combine(folder.Path, "schemas")).FullName;
        await File.WriteAllTextAsync(Path.Combine(schemas, "a.json"), "{");
        await File.WriteAllTextAsync(Path.Combine(schemas, "b.json"), """{"id":"urn:example:B","attributes":[{"name":"b","type":"strng"}]}""");

        var (exitCode, output, errors) = await ServerProcess.RunAsync(folder, ["--Logging:None=true"], ("Scim__Schemas__Folder", schemas));

        Assert.Contains("ScimServer cannot start: the schemas cannot be served.", errors, StringComparison.Ordinal);
        Assert.Contains("  a.json: is not valid JSON", errors, StringComparison.Ordinal);
        Assert.Contains("  b.json#/attributes/0/type: \"strng\" is not a type", errors, StringComparison.Ordinal);
        Assert.Contains("  b.json#/id: no resource type has this schema.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task A_folder_without_files_and_one_that_is_not_there_are_told()
    {
        using var folder = new ProcessFolder();

        var (_, _, missing) = await ServerProcess.RunAsync(folder, ["--Logging:None=true"], ("Scim__Schemas__Folder", Path.Combine(folder.Path, "nowhere")));
        var (exitCode, _, empty) = await ServerProcess.RunAsync(folder, ["--Logging:None=true"], ("Scim__Schemas__Folder", folder.Path));

        Assert.Contains("Scim:Schemas:Folder cannot be read: Could not find a part of the path", missing, StringComparison.Ordinal);
        Assert.Contains($"Scim:Schemas:Folder is {folder.Path}, which has no *.json file.", empty, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }
}
