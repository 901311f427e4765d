using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Microcosm.SideBySide.Kafka;

/// <summary>What partitions cost that nobody uses.</summary>
internal static class ManyPartitions
{
    private const int TopicCount = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Makes them, waits, kills the broker; sees times and memory.</summary>
    public static async Task SeeAsync(Figures figures, (string Name, string Program) ours, int partitions)
    {
        using var target = new OurTarget(ours, 1);
        var began = Stopwatch.GetTimestamp();
        var bytes = target.BytesEach(partitions, () =>
        {
            MakeAsync(target, partitions).GetAwaiter().GetResult();
            See("made, to the first record, s", Stopwatch.GetElapsedTime(began).TotalSeconds);
        });
        See("memory of each, KiB", bytes / 1024);
        // What was just made is collected, compiled anew and synced for a while.
        await Task.Delay(TimeSpan.FromSeconds(10));
        See("idle, % of a core", target.IdlePercent(TimeSpan.FromSeconds(20)));
        began = Stopwatch.GetTimestamp();
        target.Restart();
        await WriteAsync(target);
        See("killed and started, to the first record, s", Stopwatch.GetElapsedTime(began).TotalSeconds);

        void See(string figure, double value) => figures.See(ours.Name, "partitions", figure, value);
    }

    private static async Task MakeAsync(OurTarget target, int partitions)
    {
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
    }

    // To the last one made: those before it are there.
    private static async Task WriteAsync(OurTarget target)
    {
        using var producer = Target.Produce(target.Brokers, lingerMs: 0);
        await producer.ProduceAsync($"many-{TopicCount - 1}", new Message<Null, byte[]> { Value = new byte[10] });
    }
}
