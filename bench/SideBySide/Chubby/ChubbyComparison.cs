using System.CommandLine;

namespace Microcosm.SideBySide.Chubby;

/// <summary>Ours beside ZooKeeper and etcd, three members each: speed, and what clients see of a leader's death.</summary>
internal sealed class ChubbyComparison : Comparison
{
    private const string Kill = "leader killed";

    private static readonly string[] Protocols = ["zookeeper", "etcd"];

    public override string Name => "chubby";

    public override IReadOnlyList<Option> Options => [SideBySide.Options.Seconds, SideBySide.Options.Kills];

    public override IEnumerable<Peer> Needs(Run run) =>
        run.HasPeers ? Protocols.Where(p => Loads(run, p).Count > 0 || Kills(run, p) > 0).SelectMany(PeerCluster.Needs) : [];

    public override Task MeasureAsync(Run run)
    {
        var setting = $"{Disk.Describe()}. Three members each, on loopback and one disk, with fsync.";
        var speed = run.Begin("chubby", "Chubby and etcd, side by side: speed", $"{setting} {run.RoundsText} of {Seconds(run)} s a "
            + $"load. Values of {WireClient.ValueBytes} bytes under {ClusterLoad.Keys} keys; every client has a connection of its own and "
            + "one request under way; they are spread over the members, beginning with the leader.");
        var failOver = run.Begin("chubby-failover", "Chubby and etcd, side by side: fail-over", setting);
        foreach (var protocol in Protocols)
        {
            var (loads, kills) = (Loads(run, protocol), Kills(run, protocol));
            if (loads.Count == 0 && kills == 0)
                continue;
            List<Cluster> clusters = [.. run.Ours.Select(o => new OurCluster(o, protocol))];
            if (run.HasPeers)
                clusters.Insert(0, new PeerCluster(protocol));
            foreach (var cluster in clusters)
            {
                using var client = cluster.ConnectReady(0);
                ClusterLoad.Fill(client);
            }
            var section = speed.Add(protocol);
            if (run.Rounds > 0)
                Turns.Warm(clusters, loads);
            foreach (var round in loads.Count > 0 ? run.EachRound(protocol) : [])
                Turns.Take(section, round, clusters, loads);
            if (kills > 0)
                FailOver.Run([.. clusters], kills, failOver.Add(protocol, $"{kills} kills under load, in turn. {FailOver.Text}").Figures);
            clusters.ForEach(c => c.Dispose());
        }
        return Task.CompletedTask;
    }

    private static int Seconds(Run run) => run.Seconds(usual: 2, quick: 1);

    private static IReadOnlyList<Load<Cluster>> Loads(Run run, string protocol) =>
        run.Choose(protocol, ClusterLoad.All(protocol, Seconds(run)));

    private static int Kills(Run run, string protocol) =>
        run.Wants(protocol, Kill) ? run.Get(SideBySide.Options.Kills) ?? (run.IsQuick ? 3 : 50) : 0;
}
