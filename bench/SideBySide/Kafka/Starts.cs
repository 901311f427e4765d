using System.Diagnostics;
using Confluent.Kafka;
using Microcosm.Kafka;

namespace Microcosm.SideBySide.Kafka;

/// <summary>What a test pays: from nothing to the first record that is acknowledged, in a world in memory with sockets.</summary>
internal static class Starts
{
    public static async Task SeeAsync(Figures figures, int nodes, int rounds)
    {
        // The first world compiles what the others run.
        for (var round = -1; round < rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await using var world = await World.StartAsync(w => w.AddKafka(o => (o.Nodes, o.DefaultReplicationFactor) = (nodes, nodes)));
            var started = Stopwatch.GetElapsedTime(began);
            // As it is by default. An idempotent one asks for its id half a second later, by a timer of its own, when its first connection
            // is replaced by one to a broker that it knows by number.
            using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
                { BootstrapServers = world.System("kafka").ConnectionString, LingerMs = 0 }).SetLogHandler((_, _) => { }).Build();
            await producer.ProduceAsync("first", new Message<Null, byte[]> { Value = new byte[10] });
            if (round < 0)
                continue;
            var brokers = nodes == 1 ? "1 broker" : $"{nodes} brokers";
            figures.See("ours", brokers, "world started, ms", started.TotalMilliseconds);
            figures.See("ours", brokers, "first record acknowledged, ms", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }
}
