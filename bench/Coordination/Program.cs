using System.Globalization;
using System.Text;
using Microcosm.Coordination;
using Microcosm.SideBySide;

// bench/chubby: ours beside ZooKeeper and etcd, three members each, alternating in one run.
var isQuick = args.Contains("--quick");
var before = args.Contains("--before") ? args[Array.IndexOf(args, "--before") + 1] : null;
var rounds = Option("--rounds", isQuick ? 1 : 5);
var kills = Option("--kills", isQuick ? 3 : 50);
var seconds = isQuick ? 1.0 : 2.0;
var only = args.Contains("--load") ? args[Array.IndexOf(args, "--load") + 1] : "";
var folder = args[0];
string[] protocols = args.Contains("--only") ? [args[Array.IndexOf(args, "--only") + 1]] : ["zookeeper", "etcd"];
var speed = new StringBuilder($"# Chubby and etcd, side by side: speed\n\n{Head()}{rounds} rounds of {seconds} s a load, the servers "
    + $"alternating, medians; ratios are to the real one of the same run. Values of {WireClient.ValueBytes} bytes under {Load.Keys} keys; "
    + "every client has a connection of its own and one request under way; they are spread over the members, beginning with the leader.\n");
var failOver = new StringBuilder($"# Chubby and etcd, side by side: fail-over\n\n{Head()}the leader is killed {kills} times under load, "
    + "in turn with that of the real one. From before the kill to the answer to a write that was asked for after it.\n");
foreach (var protocol in protocols)
{
    Cluster first = before is null ? PeerCluster.Start(protocol) : new OurCluster(before, protocol, "before");
    Cluster[] clusters = [first, new OurCluster(folder, protocol, "ours")];
    foreach (var cluster in clusters)
    {
        using var client = cluster.ConnectReady(0);
        for (var key = 0; key < Load.Keys; key++)
            client.Create(key);
    }
    if (rounds > 0)
        speed.Append($"\n## {protocol}\n\n").Append(Speed(clusters));
    if (kills > 0)
        failOver.Append($"\n## {protocol}\n\n").Append(FailOver.Run(clusters, kills));
    foreach (var cluster in clusters)
        cluster.Dispose();
}
if (rounds > 0)
    Tell(speed, "chubby.md");
if (kills > 0)
    Tell(failOver, "chubby-failover.md");

string Head() => $"{Machine.Describe()} {Disk.Describe()}.\nThree members each, on loopback and one disk, with fsync. "
    + (args.Contains("--priority") ? "Servers and load have priority (nice -15). " : "")
    + $"Made by `bench/chubby {string.Join(' ', args[1..])}`: ";

void Tell(StringBuilder text, string name)
{
    Console.WriteLine(text);
    var results = Path.Combine(AppContext.BaseDirectory, "../../../../bench/results");
    if (!isQuick && before is null && protocols.Length > 1 && Directory.Exists(results))
        File.WriteAllText(Path.Combine(results, name), text.ToString());
}

string Speed(Cluster[] clusters)
{
    Load[] loads =
    [
        .. new[] { 1, 16, 256 }.Select(n => new Load($"writes, {n} client{(n > 1 ? "s" : "")}", "write", n, (c, key) => c.Write(key))),
        .. Reads(clusters[0].Protocol),
    ];
    loads = [.. loads.Where(l => l.Name.Contains(only, StringComparison.Ordinal))];
    foreach (var cluster in clusters)
    {
        // Warm: compiled code, grown heaps.
        foreach (var load in loads.Where(l => l.Clients == 256))
            load.Run(cluster, 3 * seconds);
    }
    var figures = new Figures();
    for (var round = 0; round < rounds; round++)
    {
        Console.Error.WriteLine($"{clusters[0].Protocol}, round {round + 1} of {rounds}; {Disk.Describe()}");
        foreach (var load in loads)
        {
            foreach (var cluster in round % 2 == 0 ? clusters : [.. clusters.Reverse()])
            {
                var seen = load.Run(cluster, seconds);
                figures.See(cluster.Name, $"{load.Name}: {load.Noun}s/s", seen.PerSecond);
                figures.See(cluster.Name, $"{load.Name}: median, ms", seen.Percentile(50));
                figures.See(cluster.Name, $"{load.Name}: p99, ms", seen.Percentile(99));
                figures.See(cluster.Name, $"{load.Name}: servers' CPU, us a {load.Noun}", seen.ServerCpuUsEach);
                figures.See(cluster.Name, $"{load.Name}: generator's CPU, us a {load.Noun}", seen.GeneratorCpuUsEach);
            }
        }
    }
    return figures.Table();
}

static Load[] Reads(string protocol) => protocol == "etcd"
    ?
    [
        new("linearizable reads, 256 clients", "read", 256, (c, key) => c.Read(key, isLinearizable: true)),
        new("serializable reads, 256 clients", "read", 256, (c, key) => c.Read(key, isLinearizable: false)),
    ]
    : [new("reads, 256 clients", "read", 256, (c, key) => c.Read(key, isLinearizable: false))];

int Option(string name, int otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var i ? int.Parse(args[i + 1], CultureInfo.InvariantCulture) : otherwise;
