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
        await using var world = await World.StartAsync(w => w.AddEtcd(o => o.Replicas = replicas));
        // What the script says of members is about one.
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Etcd/Scripts/etcdctl.txt"))
            .Where(l => l.Length > 0 && l[0] != '#' && (replicas == 1 || !IsOfOneMember(l)));
        var (ours, theirs) = (new EtcdctlLine(scheme, world.System("etcd").Endpoints[^1]), new EtcdctlLine(scheme, real.Endpoint));
        var differences = new List<string>();
        var count = 0;
        foreach (var line in lines)
        {
            count++;
            var (own, peers) = (await ours.RunAsync(line), await theirs.RunAsync(line));
            if (own != peers)
                differences.Add($"{(line.Length > 160 ? line[..160] : line)}\n  ours: {own}\n  etcd: {peers}");
        }
        Assert.True(count > 150, "the script is there");
        Assert.All(world.Nodes, n => Assert.True(n is { Restarts: 0, Failure: null }, n.Failure));
        Assert.True(differences.Count == 0, $"{differences.Count} of {count} differ:\n{string.Join('\n', differences)}");
    }

    private static bool IsOfOneMember(string line) =>
        line.StartsWith("member list", StringComparison.Ordinal) || line.StartsWith("move-leader", StringComparison.Ordinal);
}
