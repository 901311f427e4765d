using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Microcosm.Chubby.Tests.ZkCli;

/// <summary>
/// Four-letter words: after the same requests, the same lines as a real ZooKeeper's; numbers too where they can be the same.
/// </summary>
public sealed partial class FourLetterWordTests
{
    // Of the JVM, and files: there are none here.
    private static readonly string[] Words =
        ["srvr", "stat", "cons", "dump", "wchs", "wchc", "wchp", "conf", "crst", "srst", "isro", "ruok"];

    private const string Moment = "EXPIRY";

    private static readonly string[] Equal =
    [
        "znode_count", "watch_count", "ephemerals_count", "num_alive_connections", "global_sessions", "outstanding_requests",
        "server_state", "approximate_data_size", "cnt_readlatency", "packets_received", "packets_sent", "local_sessions",
        "connection_rejected",
    ];

    [Theory]
    [InlineData(1, "Mode: standalone")]
    [InlineData(3, "Mode: leader")]
    [InlineData(3, "Mode: follower")]
    public async Task Words_are_answered_as_by_a_real_ZooKeeper(int members, string mode)
    {
        await using var real = await RealZooKeeper.StartAsync(members, "maxClientCnxns=0\n");
        await using var world = await World.StartAsync(w => w.AddChubby(o => (o.Replicas, o.TickTime) = (members, 2000)));
        var seen = await SayAsync(await MemberAsync(world.System("chubby").Endpoints, mode));
        var wanted = await SayAsync(await MemberAsync(real.Endpoints, mode));
        foreach (var word in Words)
            Assert.Equal((word, wanted[word]), (word, seen[word]));
        var (ours, theirs) = (Lines(seen["mntr"]), Lines(wanted["mntr"]));
        Assert.Empty(ours.Keys.Except(theirs.Keys));
        // The text of the members differs in length, and followers tell the leader of their clients in their own way.
        foreach (var name in Equal.Where(n => members == 1 || n != "approximate_data_size"))
            Assert.Equal((name, theirs["zk_" + name]), (name, ours["zk_" + name]));
    }

    private static async Task<Dictionary<string, string>> SayAsync(string endpoint)
    {
        // Whoever asked while it started does not count.
        await RealZooKeeper.AskAsync(endpoint, "srst");
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", int.Parse(endpoint.Split(':')[^1], CultureInfo.InvariantCulture));
        await using var client = new ZooKeeperClient(socket.GetStream());
        await client.ConnectAsync();
        await client.AskAsync(OpCode.Create, w => Create(w, "/x", 0));
        await client.AskAsync(OpCode.Create, w => Create(w, "/x/e", 1));
        foreach (var (type, path) in ((int, string)[])[(OpCode.GetData, "/x"), (OpCode.GetChildren, "/x"), (OpCode.Exists, "/none")])
        {
            await client.AskAsync(type, w =>
            {
                w.String(path);
                w.Bool(true);
            });
        }
        await client.AskAsync(OpCode.AddWatch, w =>
        {
            w.String("/all");
            w.Int(1);
        });
        var answers = new Dictionary<string, string> { ["mntr"] = await RealZooKeeper.AskAsync(endpoint, "mntr") };
        foreach (var word in Words)
            answers[word] = Normal(await RealZooKeeper.AskAsync(endpoint, word));
        return answers;
    }

    private static void Create(JuteWriter writer, string path, int flags)
    {
        writer.String(path);
        writer.Buffer([1, 2, 3]);
        writer.Acl(AclEntry.Open);
        writer.Int(flags);
    }

    private static async Task<string> MemberAsync(IReadOnlyList<string> endpoints, string mode)
    {
        for (var i = 0; ; i = (i + 1) % endpoints.Count)
        {
            if ((await RealZooKeeper.AskAsync(endpoints[i], "srvr")).Contains(mode, StringComparison.Ordinal))
                return endpoints[i];
        }
    }

    private static Dictionary<string, string> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).ToDictionary(l => l[0], l => l[1]);

    // Versions, addresses, times and sessions are their own; the order of lines that stand in a Java set is nobody's. Which sessions share
    // a moment of expiry hangs on when each came: how many moments there are is not compared.
    private static string Normal(string text)
    {
        text = Members().Replace(text, "");
        text = Version().Replace(text, "Zookeeper version: V");
        text = Expiry().Replace(text, Moment + "\n");
        text = Number().Replace(text, "N");
        var lines = text.Split('\n').Order(StringComparer.Ordinal).ToArray();
        return string.Join('\n', lines.Where(l => l != Moment).Append(lines.Contains(Moment) ? Moment : ""));
    }

    [GeneratedRegex(@"(?s)^server\.\d.*|^(dataDir|dataLogDir)=.*?$\n?|^membership.*", RegexOptions.Multiline)]
    private static partial Regex Members();

    [GeneratedRegex("Zookeeper version: .*")]
    private static partial Regex Version();

    [GeneratedRegex(@"\d+ expire at .*\n")]
    private static partial Regex Expiry();

    [GeneratedRegex(@"-?\b(0x[0-9a-f]+|\d+(\.\d+)*)\b")]
    private static partial Regex Number();
}
