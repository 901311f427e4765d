using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microcosm.SideBySide;

namespace Microcosm.Streaming;

/// <summary>What partitions cost that nobody uses.</summary>
internal static class ManyPartitions
{
    private const int TopicCount = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task SeeAsync(Figures figures, string folder, int partitions)
    {
        using var target = new OurTarget(folder, 1);
        var before = target.ResidentBytes;
        var began = Stopwatch.GetTimestamp();
        var config = new AdminClientConfig { BootstrapServers = target.Brokers };
        using (var admin = new AdminClientBuilder(config).SetLogHandler((_, _) => { }).Build())
        {
            for (var i = 0; i < TopicCount; i++)
            {
                await admin.CreateTopicsAsync([new TopicSpecification { Name = $"many-{i}", NumPartitions = partitions / TopicCount }],
                    new CreateTopicsOptions { RequestTimeout = Patience, OperationTimeout = Patience });
            }
        }
        await WriteAsync(target);
        figures.See("ours", $"{partitions} partitions made, s", Stopwatch.GetElapsedTime(began).TotalSeconds);
        figures.See("ours", "memory a partition, KiB", (target.ResidentBytes - before) / 1024.0 / partitions);
        // What was just made is collected, compiled anew and synced for a while.
        await Task.Delay(TimeSpan.FromSeconds(10));
        var (cpu, from) = (target.CpuSeconds, Stopwatch.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(20));
        figures.See("ours", "idle, % of a core", (target.CpuSeconds - cpu)!.Value / Stopwatch.GetElapsedTime(from).TotalSeconds * 100);
        began = Stopwatch.GetTimestamp();
        target.Restart();
        await WriteAsync(target);
        figures.See("ours", "killed and started, to the first record acknowledged, s", Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    // To the last one made: those before it are there.
    private static async Task WriteAsync(OurTarget target)
    {
        using var producer = Target.Produce(target.Brokers, lingerMs: 0);
        await producer.ProduceAsync($"many-{TopicCount - 1}", new Message<Null, byte[]> { Value = new byte[10] });
    }
}
