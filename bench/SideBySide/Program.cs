using System.Globalization;
using System.Text;
using Microcosm.SideBySide;

// bench/redis: ours, Redis and Garnet under redis-benchmark, alternating in one run; medians; ratios to Redis.
var rounds = Option("--rounds", 5);
var scale = args.Contains("--quick") ? 10 : 1;
Priority.IsRealtime = args.Contains("--realtime");
var ours = args[0];
var garnet = args[1];
(string Command, int Pipeline, int Requests)[] loads =
[
    ("get", 1, 400_000 / scale), ("set", 1, 400_000 / scale), ("get", 16, 2_000_000 / scale), ("set", 16, 2_000_000 / scale),
];
var text = new StringBuilder(
    $"# Redis, side by side\n\n{Machine.Describe()}\nMade by `bench/redis {string.Join(' ', args[2..])}`: {rounds} rounds, the servers "
    + "alternating, medians. Ratios are to the real Redis of the same run."
    + (Priority.IsRealtime ? " Servers and load have real-time priority.\n" : "\n"));
foreach (var appendOnly in new[] { false, true })
{
    Console.Error.WriteLine(appendOnly ? "appendonly yes, everysec" : "no persistence");
    List<Func<Server>> starts = [() => Server.StartRedis(appendOnly), () => Server.StartOurs(ours, appendOnly)];
    if (!appendOnly && Directory.Exists(garnet))
        starts.Add(() => Server.StartGarnet(garnet));
    text.Append($"\n## {(appendOnly ? "appendonly yes, appendfsync everysec" : "No persistence")}\n\n");
    text.Append(new Comparison(loads, rounds).Run(starts));
}
Console.Write(text);
var results = Path.Combine(AppContext.BaseDirectory, "../../../../bench/results");
if (scale == 1 && Directory.Exists(Path.Combine(results, "..")))
    File.WriteAllText(Path.Combine(Directory.CreateDirectory(results).FullName, "redis.md"), text.ToString());

int Option(string name, int otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var i ? int.Parse(args[i + 1], CultureInfo.InvariantCulture) : otherwise;
