using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Debian's etcd-server, one member with an empty folder, on loopback.</summary>
internal sealed class RealEtcd : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private RealEtcd(Process process, string folder, string endpoint) => (_process, _folder, Endpoint) = (process, folder, endpoint);

    public string Endpoint { get; }

    /// <summary>Starts it, or skips the test where it is missing.</summary>
    /// <param name="snapshot">A file that etcdctl restores the folder from; empty for an empty folder.</param>
    /// <param name="scheme">Of the clients' address.</param>
    /// <param name="flags">More of them.</param>
    public static async Task<RealEtcd> StartAsync(string snapshot = "", string scheme = "http", params string[] flags)
    {
        SkipIfMissing();
        var folder = Directory.CreateTempSubdirectory("etcd-").FullName;
        var (client, peer) = (FreePort(), FreePort());
        if (snapshot.Length > 0)
        {
            Directory.Delete(folder);
            var restored = await new EtcdctlLine("", "").PrintAsync($"snapshot restore {snapshot} --data-dir {folder} "
                + $"--initial-cluster default=http://127.0.0.1:{peer} --initial-advertise-peer-urls http://127.0.0.1:{peer}");
            Assert.True(restored.EndsWith("ended with 0", StringComparison.Ordinal), restored);
        }
        var (process, ready) = Run(
        [
            "--data-dir", folder,
            "--listen-client-urls", $"{scheme}://127.0.0.1:{client}", "--advertise-client-urls", $"{scheme}://127.0.0.1:{client}",
            "--listen-peer-urls", $"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{peer}",
            "--initial-cluster", $"default=http://127.0.0.1:{peer}", .. flags,
        ]);
        await ready.WaitAsync(TimeSpan.FromSeconds(60));
        return new RealEtcd(process, folder, $"127.0.0.1:{client}");
    }

    /// <summary>Starts an etcd; the task ends when it serves clients.</summary>
    public static (Process Process, Task Ready) Run(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("etcd", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(object sender, DataReceivedEventArgs line)
        {
            if (line.Data?.Contains("ready to serve client requests", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        }
        process.ErrorDataReceived += Look;
        process.OutputDataReceived += Look;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return (process, ready.Task);
    }

    /// <summary>Ends the test where etcd is not installed.</summary>
    public static void SkipIfMissing() =>
        Assert.SkipUnless(IsInstalled("etcd") && IsInstalled("etcdctl"), "etcd is missing (Debian packages etcd-server, etcd-client)");

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    internal static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
