using Microcosm.Score;

string[] units =
[
    "unit/keyspace", "unit/expire", "unit/type/string", "unit/type/incr", "unit/type/hash", "unit/type/list", "unit/type/list-3",
        "unit/type/set",
    "unit/type/zset", "unit/sort", "unit/multi", "unit/pubsub", "unit/scan", "unit/dump", "unit/other", "unit/bitops", "unit/bitfield",
    "unit/hyperloglog", "unit/geo", "unit/protocol", "unit/quit",
];
if (args[0] == "chubby")
{
    await ScoreChubbyAsync(Path.GetFullPath(args[1]), args[2..]);
    return;
}
if (args[0] == "kafka")
{
    await ScoreKafkaAsync(Path.GetFullPath(args[1]), Path.GetFullPath(args[2]), args[3..]);
    return;
}
if (args[0] == "nginx")
{
    await ScoreNginxAsync(Path.GetFullPath(args[1]), Path.GetFullPath(args[2]), args[3..]);
    return;
}
var suite = Path.GetFullPath(args[0]);
var wanted = args.Length > 1 ? args[1..] : units;
var root = Path.GetFullPath(Path.Combine(suite, "../../../.."));
var runs = new List<UnitRun>();
foreach (var unit in wanted)
{
    // A server of its own for each unit and side: a unit that breaks one costs no other its cases.
    var real = await TclSuite.RunAsync(suite, unit, () => Peer.StartRedis());
    var ours = await TclSuite.RunAsync(suite, unit, () => Peer.StartOurs(root));
    runs.Add(new UnitRun(unit, real, ours));
    Console.WriteLine($"{unit,-20} real {real.Passed,4}   ours {ours.Passed,4}   {ours.Note}");
}
Console.WriteLine($"{"all",-20} real {runs.Sum(r => r.Real.Passed),4}   ours {runs.Sum(r => r.Ours.Passed),4}");
if (args.Length == 1)
{
    var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(suite));
    Report.Write(Path.Combine(root, "systems/Redis/score.md"), $"the TCL suite of {name}", "external mode, each unit on servers of its own",
        $"{name}'s TCL suite ([unit by unit](systems/Redis/score.md))", runs);
}

static async Task ScoreChubbyAsync(string root, string[] modules)
{
    var runs = await KazooSuite.RunAsync(root, modules);
    foreach (var run in runs)
        Console.WriteLine($"{run.Unit,-20} real {run.Real.Passed,4}   ours {run.Ours.Passed,4}   {run.Ours.Note}");
    Console.WriteLine($"{"all",-20} real {runs.Sum(r => r.Real.Passed),4}   ours {runs.Sum(r => r.Ours.Passed),4}");
    if (modules.Length == 0)
        Report.Write(Path.Combine(root, "systems/Chubby/score.md"), "the server tests of kazoo 2.8.0",
            "three members each, on ZooKeeper 3.8.0 and on ours, members stopped and started",
            "kazoo 2.8.0's server tests ([module by module](systems/Chubby/score.md))", runs);
}

static async Task ScoreNginxAsync(string root, string suite, string[] wanted)
{
    var runs = await NginxSuite.RunAsync(root, suite, wanted);
    foreach (var tier in runs.GroupBy(r => r.Unit.Split(' ')[0]))
        Console.WriteLine($"{tier.Key,-20} real {tier.Sum(r => r.Real.Passed)}   ours {tier.Sum(r => r.Ours.Passed)}   "
            + $"of those that real passes {tier.Count(r => r.Real.Passed + r.Ours.Passed == 2)} of {tier.Count()} files");
    if (wanted.Length == 0)
        Report.Write(Path.Combine(root, "systems/Nginx/score.md"), "nginx-tests (76bb761), must and should",
            $"1: the whole file passes; real is Debian's nginx 1.22.1",
            $"nginx-tests' {runs.Count} files must and should, passed whole ([file by file](systems/Nginx/score.md))", runs);
}

static async Task ScoreKafkaAsync(string root, string runner, string[] wanted)
{
    if (wanted is ["control", ..])
    {
        Console.WriteLine($"{"closed port",-20} {await LibrdkafkaSuite.ControlAsync(root, runner, wanted[1..])}");
        return;
    }
    var runs = await LibrdkafkaSuite.RunAsync(root, runner, wanted);
    foreach (var group in runs.GroupBy(r => r.Unit.Split(' ')[0]))
        Console.WriteLine($"{group.Key,-20} {group.Count(r => r.Ours.Passed > 0 && r.Ours.Failed.Count == 0)} of {group.Count()} tests");
    if (wanted.Length > 0)
        return;
    var control = await LibrdkafkaSuite.ControlAsync(root, runner, []);
    Report.Write(Path.Combine(root, "systems/Kafka/score.md"), "the tests of librdkafka 2.15.1 that talk to a broker",
        $"three brokers in memory, no quick mode; on a closed port {control} pass",
        $"librdkafka 2.15.1's {runs.Sum(r => r.Real.Passed)} broker tests ([test by test](systems/Kafka/score.md))", runs, "cases");
}
