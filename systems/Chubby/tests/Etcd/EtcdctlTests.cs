using Microcosm.Chubby.Etcd;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>etcdctl, unmodified: it prints the same of us and of etcd-server.</summary>
public sealed class EtcdctlTests
{
    // What each difference is, by the line that shows it; nothing else may differ.
    private static readonly string[] Known = [];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Every_command_prints_what_it_prints_of_a_real_etcd(int replicas)
    {
        await using var real = await RealEtcd.StartAsync();
        await using var world = await World.StartAsync(w => w.AddEtcd(o => o.Replicas = replicas));
        // The script's member list is that of one member.
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Etcd/Scripts/etcdctl.txt"))
            .Where(l => l.Length > 0 && l[0] != '#' && (replicas == 1 || !l.StartsWith("member list", StringComparison.Ordinal)));
        var (ours, theirs) = (new EtcdctlLine(world.System("etcd").Endpoints[^1]), new EtcdctlLine(real.Endpoint));
        var differences = new List<string>();
        var count = 0;
        foreach (var line in lines)
        {
            count++;
            var (own, peers) = (await ours.RunAsync(line), await theirs.RunAsync(line));
            if (own != peers && !Known.Contains(line))
                differences.Add($"{(line.Length > 160 ? line[..160] : line)}\n  ours: {own}\n  etcd: {peers}");
        }
        Assert.True(count > 150, "the script is there");
        Assert.True(differences.Count == 0, $"{differences.Count} of {count} differ:\n{string.Join('\n', differences)}");
    }
}
