using System.Diagnostics;
using System.Globalization;

namespace ScimServer.Benchmarks;

/// <summary>A part of a core that a process may use at most, by a control group of Linux.</summary>
internal sealed class CpuShare : IDisposable
{
    private const string Version1 = "/sys/fs/cgroup/cpu";
    private const int Period = 100_000;

    private readonly string folder;

    private CpuShare(string folder) => this.folder = folder;

    public static CpuShare Limit(Process process, double cores)
    {
        var isVersion1 = Directory.Exists(Version1);
        var id = process.Id.ToString(CultureInfo.InvariantCulture);
        var quota = ((int)(cores * Period)).ToString(CultureInfo.InvariantCulture);
        var group = Directory.CreateDirectory(Path.Combine(isVersion1 ? Version1 : "/sys/fs/cgroup", $"scim-benchmark-{id}"));
        File.WriteAllText(Path.Combine(group.FullName, isVersion1 ? "cpu.cfs_quota_us" : "cpu.max"), isVersion1 ? quota : $"{quota} {Period}");
        File.WriteAllText(Path.Combine(group.FullName, "cgroup.procs"), id);
        return new CpuShare(group.FullName);
    }

    /// <summary>The process must have ended.</summary>
    public void Dispose() => Directory.Delete(folder);
}
