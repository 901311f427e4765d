using System.Text;

namespace Microcosm.Chubby.Tests.ZkCli;

/// <summary>zkCli, ZooKeeper's own command line, unmodified: it prints the same of us and of a real ZooKeeper.</summary>
public sealed class ZkCliTests
{
    [Theory]
    [InlineData(1, "commands")]
    [InlineData(3, "commands")]
    [InlineData(3, "reconfig")]
    [InlineData(1, "standalone")]
    [InlineData(1, "quotas")]
    [InlineData(3, "sasl")]
    public async Task Every_command_prints_what_it_prints_of_a_real_ZooKeeper(int members, string script)
    {
        await using var real = await RealZooKeeper.StartAsync(
            members, $"reconfigEnabled=true\nenforceQuota={(script == "quotas" ? "true" : "false")}\n");
        await using var world = await World.StartAsync(w => w.AddChubby(o =>
        {
            (o.Replicas, o.TickTime, o.SuperDigest) = (members, 2000, RealZooKeeper.SuperDigest);
            o.EnforceQuota = script == "quotas";
            o.AddSaslUser("bob", RealZooKeeper.SaslPassword);
        }));
        var lines = (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "ZkCli/Scripts", script + ".txt")))
            .Where(l => l.Length > 0 && l[0] != '#').ToArray();
        var endpoints = world.System("chubby").Endpoints;
        var (ours, theirs) = (await LeaderAsync(endpoints), await LeaderAsync(real.Endpoints));
        var follower = Enumerable.Range(1, 3).First(id => id != ours && id != theirs);
        var own = Enumerable.Range(1, members).Select(id =>
            $"server.{id}=chubby-{id}:2888:3888:participant;{endpoints[id - 1]}").ToArray();
        await using var ourCli = new ZkCliScript(endpoints[ours - 1], script == "sasl" ? real.ClientJaas : null);
        await using var theirCli = new ZkCliScript(real.Endpoints[theirs - 1], script == "sasl" ? real.ClientJaas : null);
        var seen = await ourCli.RunAsync(lines.Select(l => Filled(l, own, follower)));
        var wanted = await theirCli.RunAsync(lines.Select(l => Filled(l, real.Lines, follower)));
        var differences = lines.Zip(seen, wanted).Where(l => l.Second.Output != l.Third.Output)
            .Select(l => $"> {l.First}\n  ours:\n{l.Second.Output}\n  ZooKeeper:\n{l.Third.Output}").ToArray();
        Assert.All(world.Nodes, n => Assert.True(n is { Restarts: 0, Failure: null }, n.Failure));
        Assert.True(differences.Length == 0, $"{differences.Length} of {lines.Length} differ:\n{string.Join('\n', differences)}");
    }

    // By number; a single member counts as one.
    private static async Task<int> LeaderAsync(IReadOnlyList<string> endpoints)
    {
        for (var id = 1; ; id = (id % endpoints.Count) + 1)
        {
            if ((await RealZooKeeper.AskAsync(endpoints[id - 1], "srvr")) is var text
                && (text.Contains("Mode: leader", StringComparison.Ordinal) || text.Contains("Mode: standalone", StringComparison.Ordinal)))
                return id;
        }
    }

    private static string Filled(string line, string[] members, int follower) => members.Length == 1 ? line : new StringBuilder(line)
        .Replace("LINE-FOLLOWER", members[follower - 1])
        .Replace("OBSERVER", members[follower - 1].Replace(":participant", ":observer", StringComparison.Ordinal))
        .Replace("LINES", string.Join(',', members))
        .Replace("LINE-1", members[0])
        .Replace("FOLLOWER", $"{follower}").ToString();
}
