using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microcosm.SideBySide;
using Microcosm.Streaming;

// bench/kafka: what a test pays for its brokers; ours beside librdkafka's mock cluster, alternating in one run; many partitions.
var isQuick = args.Contains("--quick");
var rounds = Array.IndexOf(args, "--rounds") is >= 0 and var at ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : isQuick ? 1 : 5;
var records = isQuick ? 50_000 : 200_000;
var partitions = isQuick ? 1_000 : 10_000;
var folder = args[0];
var text = new StringBuilder($"# Kafka, side by side\n\n{Machine.Describe()}\nMade by `bench/kafka {string.Join(' ', args[1..])}`: "
    + $"{rounds} rounds, alternating, medians. The client is Confluent.Kafka (librdkafka)."
    + (isQuick ? " A first look, with smaller loads.\n" : "\n"));
Tell($"\n## In a test: a world in memory, after the first one\n\n{await StartsAsync()}");
Tell($"\n## {records:N0} records of 1,000 bytes, one partition unless said otherwise, acks=all, idempotent\n\nThe mock is librdkafka's own "
    + "(`test.mock.num.brokers`): in the client's process, in memory, with 5 MiB a partition. "
    + "Ours is a process of its own and syncs before it answers. "
    + "Reads begin at the first record, which the mock does not keep. "
    + "The mock's own CPU cannot be told from the client's (NaN). Ratios are to the mock.\n\n");
Tell(Throughput());
Tell($"\n## {partitions:N0} partitions on one broker\n\n");
Tell(await ManyAsync());
var results = Path.Combine(AppContext.BaseDirectory, "../../../../bench/results");
if (Directory.Exists(results))
    File.WriteAllText(Path.Combine(results, "kafka.md"), text.ToString());

void Tell(string part)
{
    Console.Write(part);
    text.Append(part);
}

async Task<string> StartsAsync()
{
    var figures = new Figures();
    await Starts.SeeAsync(figures, 1, 2 * rounds);
    await Starts.SeeAsync(figures, 3, 2 * rounds);
    return figures.Table();
}

string Throughput()
{
    var (writes, reads, floor) = (new Figures(), new Figures(), new Figures());
    using var mock = new MockTarget();
    using var one = new OurTarget(folder, 1);
    using var three = new OurTarget(folder, 3);
    Target[] targets = [mock, one, three];
    for (var round = 0; round < rounds; round++)
    {
        Console.Error.WriteLine($"  round {round + 1} of {rounds}");
        Floor.See(floor, "machine");
        foreach (var target in round % 2 == 0 ? targets : [.. targets.Reverse()])
        {
            var rate = Traffic.See(writes, reads, target, $"load-{round}", records);
            if (target != mock)
            {
                // The mock does not wake a fetch that waits: its latency would be that of the client's settings.
                floor.See("machine", $"{target.Name}: end to end at a tenth of its rate, p99, ms",
                    Traffic.EndToEndP99(target, $"latency-{round}", rate / 10, seconds: 3));
            }
        }
    }
    return $"{writes.Table()}\n{reads.Table()}\nOf the same run:\n\n{floor.Table()}";
}

async Task<string> ManyAsync()
{
    var figures = new Figures();
    try
    {
        await ManyPartitions.SeeAsync(figures, folder, partitions);
    }
    catch (Exception e) when (e is KafkaException or IOException)
    {
        return $"Failed: {e.Message}\n";
    }
    return figures.Table();
}
