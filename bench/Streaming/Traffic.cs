using System.Buffers.Binary;
using System.Diagnostics;
using Confluent.Kafka;
using Microcosm.SideBySide;

namespace Microcosm.Streaming;

/// <summary>Records of 1,000 bytes through one partition, where nothing else is said.</summary>
internal static class Traffic
{
    private const int RecordBytes = 1000;

    /// <summary>Partitions of a topic, of the mock by its own default.</summary>
    public const int Partitions = 4;

    private const int WarmRecords = 50_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Writes, idempotently and to all in sync, then reads from the beginning, where the target keeps it; returns records
    /// written a second.</summary>
    public static double See(Figures writes, Figures reads, Target target, string topic, int records)
    {
        var megabytes = records * RecordBytes / 1e6;
        using var producer = Target.Produce(target.Brokers);
        // The topic, the producer's id, compiled code.
        Write(producer, topic, WarmRecords);
        Write(producer, topic + "-spread", WarmRecords, Partitions);
        var produced = Measure(writes, target, "produce", megabytes, () => Write(producer, topic, records));
        using (var unbounded = Target.Produce(target.Brokers, waitingKiBMax: int.MaxValue))
        {
            Write(unbounded, topic, 1);
            Measure(writes, target, "produce, all that the client has waits in it", megabytes, () => Write(unbounded, topic, records));
        }
        Measure(writes, target, $"produce to {Partitions} partitions in turn", megabytes,
            () => Write(producer, topic + "-spread", records, Partitions));
        if (!target.KeepsAll)
            return records / produced;
        Measure(reads, target, "produce by a client that sends one batch again and again, five under way", megabytes,
            () => RawProduce.Write(target.Brokers, topic, records));
        using var consumer = Consumer(target.Brokers);
        Read(consumer, topic, WarmRecords);
        Measure(reads, target, "consume", megabytes, () => Read(consumer, topic, records));
        Measure(reads, target, "fetch by a client that looks at nothing", megabytes, () => RawFetch.Read(target.Brokers, topic, records));
        return records / produced;
    }

    /// <summary>Milliseconds from before a record is produced until a consumer has it, 99 of 100; at a rate, for some seconds.</summary>
    public static double EndToEndP99(Target target, string topic, double perSecond, double seconds)
    {
        var count = (int)(perSecond * seconds);
        var latencies = new List<double>(count);
        using var consumer = Consumer(target.Brokers);
        using var producer = Target.Produce(target.Brokers, lingerMs: 0);
        Write(producer, topic, 1);
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        Take(consumer);
        var reader = new Thread(() =>
        {
            while (latencies.Count < count)
            {
                var sent = BinaryPrimitives.ReadInt64LittleEndian(Take(consumer).Message.Value);
                latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        });
        reader.Start();
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            // The rate, of a load generator: spinning would take the servers' core.
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < i / perSecond)
            {
                // The client tells nobody when it has room again.
                Thread.Sleep(1);
            }
            var value = new byte[RecordBytes];
            BinaryPrimitives.WriteInt64LittleEndian(value, Stopwatch.GetTimestamp());
            producer.Produce(topic, new Message<Null, byte[]> { Value = value });
        }
        reader.Join();
        latencies.Sort();
        return latencies[count * 99 / 100];
    }

    private static double Measure(Figures figures, Target target, string what, double megabytes, Action action)
    {
        var (began, server, client) = (Stopwatch.GetTimestamp(), target.CpuSeconds, Client());
        action();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var (servers, clients) = (target.CpuSeconds - server, Client() - client);
        figures.See(target.Name, $"{what}, MB/s", megabytes / seconds);
        figures.See(target.Name, $"{what}, CPU of client and brokers, ms a MB", (clients + (servers ?? 0)) * 1000 / megabytes);
        figures.See(target.Name, $"{what}, CPU of brokers, ms a MB", servers * 1000 / megabytes ?? double.NaN);
        return seconds;

        static double Client() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
    }

    private static void Write(IProducer<Null, byte[]> producer, string topic, int records, int partitions = 1)
    {
        var failure = "";
        for (var i = 0; i < records; i++)
        {
            var message = new Message<Null, byte[]> { Value = new byte[RecordBytes] };
            while (!TryProduce(producer, new TopicPartition(topic, i % partitions), message,
                report => failure = report.Error.IsError ? report.Error.Reason : failure))
            {
                // The client tells nobody when it has room again.
                Thread.Sleep(1);
            }
        }
        if (producer.Flush(Patience) > 0 || failure.Length > 0)
            throw new IOException($"{topic}: not all records were acknowledged: {failure}");
    }

    // False where as much waits as may.
    private static bool TryProduce(
        IProducer<Null, byte[]> producer, TopicPartition to, Message<Null, byte[]> message, Action<DeliveryReport<Null, byte[]>> report)
    {
        try
        {
            producer.Produce(to, message, report);
            return true;
        }
        catch (ProduceException<Null, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    private static void Read(IConsumer<Ignore, byte[]> consumer, string topic, int records)
    {
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        for (var i = 0; i < records; i++)
            Take(consumer);
    }

    private static ConsumeResult<Ignore, byte[]> Take(IConsumer<Ignore, byte[]> consumer) =>
        consumer.Consume(Patience) ?? throw new IOException("no record came");

    private static IConsumer<Ignore, byte[]> Consumer(string brokers) => new ConsumerBuilder<Ignore, byte[]>(
        new ConsumerConfig { BootstrapServers = brokers, GroupId = "bench", EnableAutoCommit = false })
        .SetLogHandler((_, _) => { }).Build();
}
