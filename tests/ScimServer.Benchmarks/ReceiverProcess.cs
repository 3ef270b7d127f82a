using System.Diagnostics;
using System.Globalization;

namespace ScimServer.Benchmarks;

/// <summary>The receivers of <see cref="ReceiveCommand"/>.</summary>
internal sealed class ReceiverProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly HttpClient client = new();

    private ReceiverProcess(Process process, IReadOnlyList<Uri> addresses)
    {
        this.process = process;
        Addresses = addresses;
    }

    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The processor time that they have used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<ReceiverProcess> StartAsync(int count)
    {
        string[] arguments = [typeof(ReceiverProcess).Assembly.Location, "receive", "--count", count.ToString(CultureInfo.InvariantCulture)];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var addresses = new List<Uri>();
        for (var i = 0; i < count; i++)
        {
            addresses.Add(new Uri(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The receivers did not start.")));
        }

        return new ReceiverProcess(process, addresses);
    }

    /// <summary>Waits until each of them has taken so many posts.</summary>
    public async Task UntilAsync(long posts)
    {
        foreach (var address in Addresses)
        {
            while (long.Parse(await client.GetStringAsync(address), CultureInfo.InvariantCulture) < posts)
            {
                await Task.Delay(20);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
