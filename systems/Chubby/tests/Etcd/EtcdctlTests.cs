using Microcosm.Chubby.Etcd;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>etcdctl, unmodified: it prints the same of us and of etcd-server.</summary>
public sealed class EtcdctlTests
{
    [Theory]
    [InlineData(1, "")]
    [InlineData(1, "http://")]
    [InlineData(3, "")]
    public async Task Every_command_prints_what_it_prints_of_a_real_etcd(int replicas, string scheme)
    {
        await using var real = await RealEtcd.StartAsync();
        await using var world = await World.StartAsync(
            // A password's price is not what is compared, and on a busy machine it could cost the leader its term.
            w => w.AddEtcd(o => (o.Replicas, o.BcryptCost) = (replicas, 4)));
        // What the script says of members is about one.
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Etcd/Scripts/etcdctl.txt"))
            .Where(l => l.Length > 0 && l[0] != '#' && (replicas == 1 || !IsOfOneMember(l)));
        var (ours, theirs) = (new EtcdctlLine(scheme, world.System("etcd").Endpoints[^1]), new EtcdctlLine(scheme, real.Endpoint));
        var differences = new List<string>();
        var count = 0;
        foreach (var line in lines)
        {
            count++;
            var both = await Task.WhenAll(ours.RunAsync(line), theirs.RunAsync(line));
            if (both[0] != both[1])
                differences.Add($"{(line.Length > 160 ? line[..160] : line)}\n  ours: {both[0]}\n  etcd: {both[1]}");
        }
        Assert.True(count > 250, "the script is there");
        Assert.All(world.Nodes, n => Assert.True(n is { Restarts: 0, Failure: null }, n.Failure));
        Assert.True(differences.Count == 0, $"{differences.Count} of {count} differ:\n{string.Join('\n', differences)}");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_mirror_is_made_of_one_cluster_in_another(bool isFromReal, bool isToReal)
    {
        RealEtcd.SkipIfMissing();
        await using var from = await OneAsync(isFromReal);
        await using var to = await OneAsync(isToReal);
        var (source, mirror) = (new EtcdctlLine("", from.Endpoint(1)), new EtcdctlLine("", to.Endpoint(1)));
        await source.PrintAsync("put k/1 1");
        await source.PrintAsync("put k/2 2");
        using var end = new CancellationTokenSource();
        var mirroring = source.PrintAsync($"make-mirror --prefix k/ --dest-prefix m/ {to.Endpoint(1)}", end.Token);
        await mirror.UntilAsync("get --prefix m/", "m/1\n1\nm/2\n2\nended with 0");
        await source.PrintAsync("put k/3 3");
        await source.PrintAsync("del k/1");
        await mirror.UntilAsync("get --prefix m/", "m/2\n2\nm/3\n3\nended with 0");
        await end.CancelAsync();
        await mirroring;
    }

    /// <summary>A minute each: what etcdctl measures is the machine's, that it passes judgement is ours.</summary>
    [Theory]
    [InlineData("check perf", "Throughput")]
    [InlineData("check datascale", "Approximate system memory used")]
    public async Task Checks_of_etcdctl_run(string check, string judgement)
    {
        var isAsked = Environment.GetEnvironmentVariable("MICROCOSM_LOAD") == "1";
        Assert.SkipUnless(isAsked, "takes a minute of the whole machine: MICROCOSM_LOAD=1");
        RealEtcd.SkipIfMissing();
        await using var cluster = await WorldEtcdCluster.FoundAsync(1, spares: 0);
        Assert.Contains(judgement, await new EtcdctlLine("", cluster.Endpoint(1)) { Patience = TimeSpan.FromMinutes(5) }.PrintAsync(check),
            StringComparison.Ordinal);
    }

    private static async Task<IEtcdCluster> OneAsync(bool isReal) =>
        isReal ? await RealEtcdCluster.FoundAsync(1) : await WorldEtcdCluster.FoundAsync(1, spares: 0);

    private static bool IsOfOneMember(string line) =>
        line.StartsWith("member", StringComparison.Ordinal) || line.StartsWith("move-leader", StringComparison.Ordinal)
            || line.Contains("--cluster", StringComparison.Ordinal);
}
