using System.Diagnostics;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Debian's etcd-server, several members on loopback, named as ours are.</summary>
internal sealed class RealEtcdCluster : IEtcdCluster
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("etcd-").FullName;
    private readonly Dictionary<int, (int Client, int Peer)> _ports = [];
    private readonly Dictionary<int, Process> _running = [];

    /// <summary>Starts it, or skips the test where it is missing.</summary>
    public static async Task<RealEtcdCluster> FoundAsync(int founders)
    {
        RealEtcd.SkipIfMissing();
        var cluster = new RealEtcdCluster();
        var initial = string.Join(',', Enumerable.Range(1, founders).Select(i => $"etcd-{i}={cluster.PeerUrl(i)}"));
        await Task.WhenAll(Enumerable.Range(1, founders).Select(i => cluster.RunAsync(i, initial, "new")));
        return cluster;
    }

    public string Endpoint(int member) => $"127.0.0.1:{Ports(member).Client}";

    public string PeerUrl(int member) => $"http://127.0.0.1:{Ports(member).Peer}";

    public async Task StartAsync(int member)
    {
        var at = _running.Keys.First(m => m != member);
        var known = await new EtcdctlLine("", Endpoint(at)).PrintAsync("member list");
        var initial = known.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.Contains("http", StringComparison.Ordinal))
            .Select(l => l.Split(", ")).Select(f => $"{(f[2].Length == 0 ? $"etcd-{member}" : f[2])}={f[3]}");
        await RunAsync(member, string.Join(',', initial), "existing");
    }

    public async Task KillAsync(int member)
    {
        _running.Remove(member, out var process);
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public Task EraseAsync(int member)
    {
        Directory.Delete(Path.Combine(_folder, $"{member}"), recursive: true);
        return Task.CompletedTask;
    }

    public async Task EndedAsync(int member)
    {
        _running.Remove(member, out var process);
        await process!.WaitForExitAsync().WaitAsync(Patience);
        process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _running.Keys.ToArray())
            await KillAsync(member);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RunAsync(int member, string initial, string state)
    {
        var (process, ready) = RealEtcd.Run(
        [
            "--name", $"etcd-{member}", "--data-dir", Path.Combine(_folder, $"{member}"),
            "--listen-client-urls", "http://" + Endpoint(member), "--advertise-client-urls", "http://" + Endpoint(member),
            "--listen-peer-urls", PeerUrl(member), "--initial-advertise-peer-urls", PeerUrl(member),
            "--initial-cluster", initial, "--initial-cluster-state", state,
        ]);
        _running.Add(member, process);
        // One that was removed ends before it serves.
        await Task.WhenAny(ready, process.WaitForExitAsync()).WaitAsync(Patience);
    }

    private (int Client, int Peer) Ports(int member)
    {
        if (!_ports.TryGetValue(member, out var ports))
            _ports.Add(member, ports = (RealEtcd.FreePort(), RealEtcd.FreePort()));
        return ports;
    }
}
