using System.Diagnostics;
using System.Net;
using Microcosm.SideBySide;

namespace Microcosm.Coordination;

/// <summary>The real servers, from their Debian packages: a process a member.</summary>
internal sealed class PeerCluster : Cluster
{
    private const string ClassPath = "/etc/zookeeper/conf:/usr/share/java/zookeeper.jar";

    private readonly ProcessStartInfo[] _starts;
    private readonly Process[] _processes;

    private PeerCluster(string protocol)
        : base(protocol, protocol)
    {
        EndPoints = [.. Enumerable.Range(0, Members).Select(_ => new IPEndPoint(IPAddress.Loopback, Machine.FreePort()))];
        _starts = protocol == "etcd" ? Etcd() : ZooKeeper();
        _processes = [.. _starts.Select(Start)];
        AwaitLeader();
    }

    public static PeerCluster Start(string protocol) => new(protocol);

    public override TimeSpan Cpu => _processes.Aggregate(TimeSpan.Zero, (sum, p) => sum + p.Refreshed().TotalProcessorTime);

    public override void Kill(int member)
    {
        // kill -9
        _processes[member].Kill();
        _processes[member].WaitForExit();
    }

    public override void Restart(int member) => _processes[member] = Start(_starts[member]);

    public override void Dispose()
    {
        if (!Folder.Exists)
            return;
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
        }
        Folder.Delete(recursive: true);
        Folder.Refresh();
    }

    private static Process Start(ProcessStartInfo start)
    {
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static ProcessStartInfo Command(string file, IEnumerable<string> arguments) =>
        new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

    // zoo_sample.cfg, but that many clients may come from one address; the heap is that of zkServer.sh.
    private ProcessStartInfo[] ZooKeeper()
    {
        var servers = EndPoints.Select((_, i) => $"server.{i + 1}=127.0.0.1:{Machine.FreePort()}:{Machine.FreePort()}").ToArray();
        return [.. EndPoints.Select((endPoint, i) =>
        {
            var data = Folder.CreateSubdirectory($"{i + 1}").FullName;
            File.WriteAllText(Path.Combine(data, "myid"), $"{i + 1}\n");
            var configuration = Path.Combine(data, "zoo.cfg");
            File.WriteAllLines(configuration, ["tickTime=2000", "initLimit=10", "syncLimit=5", $"dataDir={data}",
                $"clientPort={endPoint.Port}", "maxClientCnxns=0", "admin.enableServer=false", .. servers]);
            return Command("java", ["-Xmx1000m", "-Dzookeeper.root.logger=WARN,CONSOLE", "-cp", ClassPath,
                "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration]);
        })];
    }

    private ProcessStartInfo[] Etcd()
    {
        var peers = EndPoints.Select(_ => $"http://127.0.0.1:{Machine.FreePort()}").ToArray();
        var cluster = string.Join(',', peers.Select((url, i) => $"m{i + 1}={url}"));
        return [.. EndPoints.Select((endPoint, i) => Command("etcd", ["--name", $"m{i + 1}", "--logger", "zap", "--log-level", "warn",
            "--data-dir", Path.Combine(Folder.FullName, $"{i + 1}"),
            "--listen-client-urls", $"http://{endPoint}", "--advertise-client-urls", $"http://{endPoint}",
            "--listen-peer-urls", peers[i], "--initial-advertise-peer-urls", peers[i], "--initial-cluster", cluster]))];
    }
}
