using System.Net;

namespace Microcosm.SideBySide.Chubby;

/// <summary>The real servers, from their Debian packages: a process a member.</summary>
internal sealed class PeerCluster : Cluster
{
    private const string Jar = "/usr/share/java/zookeeper.jar";

    private readonly IReadOnlyList<string>[] _lines;
    private readonly ServerProcess[] _processes;

    public PeerCluster(string protocol)
        : base(protocol, protocol)
    {
        EndPoints = [.. Enumerable.Range(0, Members).Select(_ => new IPEndPoint(IPAddress.Loopback, Machine.FreePort()))];
        _lines = protocol == "etcd" ? Etcd() : ZooKeeper();
        _processes = [.. _lines.Select(Launch)];
        AwaitLeader();
    }

    /// <summary>What there has to be for it.</summary>
    public static IEnumerable<Peer> Needs(string protocol) => protocol == "etcd"
        ? [new Peer("etcd", "etcd-server")]
        : [new Peer("java", "zookeeper"), new Peer(Jar, "zookeeper")];

    // kill -9
    public override void Kill(int member) => End(_processes[member]);

    public override void Restart(int member) => _processes[member] = Launch(_lines[member]);

    // zoo_sample.cfg, but that many clients may come from one address; the heap is that of zkServer.sh.
    private IReadOnlyList<string>[] ZooKeeper()
    {
        var servers = EndPoints.Select((_, i) => $"server.{i + 1}=127.0.0.1:{Machine.FreePort()}:{Machine.FreePort()}").ToArray();
        return [.. EndPoints.Select((endPoint, i) =>
        {
            var data = Folder.CreateSubdirectory($"{i + 1}").FullName;
            File.WriteAllText(Path.Combine(data, "myid"), $"{i + 1}\n");
            var configuration = Path.Combine(data, "zoo.cfg");
            File.WriteAllLines(configuration, ["tickTime=2000", "initLimit=10", "syncLimit=5", $"dataDir={data}",
                $"clientPort={endPoint.Port}", "maxClientCnxns=0", "admin.enableServer=false", .. servers]);
            return (string[])["java", "-Xmx1000m", "-Dzookeeper.root.logger=WARN,CONSOLE", "-cp", $"/etc/zookeeper/conf:{Jar}",
                "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration];
        })];
    }

    private IReadOnlyList<string>[] Etcd()
    {
        var peers = EndPoints.Select(_ => $"http://127.0.0.1:{Machine.FreePort()}").ToArray();
        var cluster = string.Join(',', peers.Select((url, i) => $"m{i + 1}={url}"));
        return [.. EndPoints.Select((endPoint, i) => (string[])["etcd", "--name", $"m{i + 1}", "--logger", "zap", "--log-level", "warn",
            "--data-dir", Path.Combine(Folder.FullName, $"{i + 1}"),
            "--listen-client-urls", $"http://{endPoint}", "--advertise-client-urls", $"http://{endPoint}",
            "--listen-peer-urls", peers[i], "--initial-advertise-peer-urls", peers[i], "--initial-cluster", cluster])];
    }
}
