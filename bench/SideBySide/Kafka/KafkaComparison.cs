using System.CommandLine;

namespace Microcosm.SideBySide.Kafka;

/// <summary>What a test pays for its brokers; ours beside librdkafka's mock cluster; many partitions.</summary>
internal sealed class KafkaComparison : Comparison
{
    private const string InATest = "In a test: a world in memory, after the first one";

    public override string Name => "kafka";

    public override IReadOnlyList<Option> Options => [SideBySide.Options.Seconds];

    public override async Task MeasureAsync(Run run)
    {
        var report = run.Begin("kafka", "Kafka, side by side", $"{run.RoundsText}. The client is Confluent.Kafka (librdkafka).");
        if (run.Wants(InATest, ""))
        {
            var starts = report.Add(InATest).Figures;
            foreach (var nodes in new[] { 1, 3 })
                await Starts.SeeAsync(starts, nodes, 2 * run.Rounds);
        }
        Throughput(run, report);
        var partitions = run.IsQuick ? 1_000 : 10_000;
        var title = $"{partitions:N0} partitions on one broker";
        if (!run.Wants(title, "") || run.Rounds == 0)
            return;
        var many = report.Add(title).Figures;
        foreach (var ours in run.Ours)
            await ManyPartitions.SeeAsync(many, ours, partitions);
    }

    private static void Throughput(Run run, Report report)
    {
        var records = run.IsQuick ? 50_000 : 200_000;
        var title = $"{records:N0} records of 1,000 bytes, one partition unless said otherwise, acks=all, idempotent";
        var topic = "";
        var loads = run.Choose(title, KafkaLoads.All(() => topic, records, run.Seconds(usual: 3, quick: 1)));
        if (loads.Count == 0)
            return;
        var section = report.Add(title, "The mock is librdkafka's own (`test.mock.num.brokers`): in the client's process, in memory, with "
            + "5 MiB a partition; its CPU cannot be told from the client's. Ours is a process of its own and syncs before it answers. "
            + "Reads begin at the first record, which the mock does not keep.");
        var floor = report.Add("What the machine can do, in the same run");
        List<Target> targets = [.. run.Ours.SelectMany(o => new[] { 1, 3 }.Select(nodes => new OurTarget(o, nodes)))];
        if (run.HasPeers)
            targets.Insert(0, new MockTarget());
        foreach (var round in run.EachRound("kafka"))
        {
            topic = $"load-{round}";
            targets.ForEach(t => KafkaLoads.Begin(t, topic, records));
            Floor.See(floor.Figures);
            Turns.Take(section, round, targets, loads);
        }
        targets.ForEach(t => t.Dispose());
    }
}
