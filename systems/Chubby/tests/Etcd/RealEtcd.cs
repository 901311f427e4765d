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
    public static async Task<RealEtcd> StartAsync()
    {
        Assert.SkipUnless(IsInstalled("etcd") && IsInstalled("etcdctl"), "etcd is missing (Debian packages etcd-server, etcd-client)");
        var folder = Directory.CreateTempSubdirectory("etcd-").FullName;
        var (client, peer) = (FreePort(), FreePort());
        var start = new ProcessStartInfo("etcd")
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
            ArgumentList =
            {
                "--data-dir", folder,
                "--listen-client-urls", $"http://127.0.0.1:{client}", "--advertise-client-urls", $"http://127.0.0.1:{client}",
                "--listen-peer-urls", $"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{peer}",
                "--initial-cluster", $"default=http://127.0.0.1:{peer}",
            },
        };
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
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return new RealEtcd(process, folder, $"127.0.0.1:{client}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
