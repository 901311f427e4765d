namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Members come and go: etcdctl, unmodified, prints the same of us and of etcd-server.</summary>
public sealed class MemberScriptTests
{
    private const int MembersMax = 6;

    [Theory]
    [InlineData("members-of-one.txt", 1)]
    [InlineData("members-of-three.txt", 3)]
    public async Task Clusters_change_as_those_of_etcd_do(string script, int founders)
    {
        await using var real = await RealEtcdCluster.FoundAsync(founders);
        await using var own = await WorldEtcdCluster.FoundAsync(founders, spares: MembersMax - founders);
        var (ours, theirs) = (new MemberScript(own, MembersMax), new MemberScript(real, MembersMax));
        var differences = new List<string>();
        var count = 0;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Etcd/Scripts", script)))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            count++;
            var both = await Task.WhenAll(ours.RunAsync(line), theirs.RunAsync(line));
            if (both[0] != both[1])
                differences.Add($"{line}\n  ours: {both[0]}\n  etcd: {both[1]}");
        }
        Assert.All(own.World.Nodes, n => Assert.Null(n.Failure));
        Assert.True(differences.Count == 0, $"{differences.Count} of {count} differ:\n{string.Join('\n', differences)}");
    }
}
