using System.Buffers.Binary;
using System.Diagnostics;
using Confluent.Kafka;

namespace Microcosm.SideBySide.Kafka;

/// <summary>Records of 1,000 bytes through one partition, where nothing else is said.</summary>
internal static class KafkaLoads
{
    /// <summary>Partitions of a topic, of the mock by its own default.</summary>
    public const int Partitions = 4;

    private const int RecordBytes = 1000;
    private const int WarmRecords = 50_000;
    private const string Spread = "-spread";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Writes, idempotently and to all in sync, then reads from the beginning, where the target keeps it.</summary>
    public static IEnumerable<Load<Target>> All(Func<string> topic, int records, int seconds)
    {
        yield return Load("produce", (t, n, meter) => t.RecordsPerSecond = n / Produce(t, meter, topic(), n));
        yield return Load("produce, all that the client has waits in it",
            (t, n, meter) => Produce(t, meter, topic(), n, waitingKiBMax: int.MaxValue));
        yield return Load($"produce to {Partitions} partitions in turn",
            (t, n, meter) => Produce(t, meter, topic() + Spread, n, partitions: Partitions));
        yield return Load("produce by a client that sends one batch again and again, five under way",
            (t, n, _) => RawProduce.Write(t.Brokers, topic(), n), onlyKept: true);
        yield return Load("consume", (t, n, meter) => Consume(t, meter, topic(), n), onlyKept: true);
        yield return Load("fetch by a client that looks at nothing", (t, n, _) => RawFetch.Read(t.Brokers, topic(), n), onlyKept: true);
        // The mock does not wake a fetch that waits: its latency would be that of the client's settings.
        yield return new("end to end at a tenth of the rate of produce", "record", seconds, 0,
            (t, s, meter) =>
            {
                if (t.RecordsPerSecond == 0)
                    t.RecordsPerSecond = records / Produce(t, meter, topic(), records);
                return EndToEnd(t, topic() + "-latency", t.RecordsPerSecond / 10, s);
            }) { IsFor = t => t.KeepsAll };

        Load<Target> Load(string name, Action<Target, int, Meter> act, bool onlyKept = false) => new(name, "MB", records, 0,
            (t, n, meter) =>
            {
                act(t, n, meter);
                return new Outcome(n * (double)RecordBytes / 1e6);
            }) { Plural = "MB", IsFor = t => t.KeepsAll || !onlyKept, HasOwnClients = true };
    }

    /// <summary>Makes the topics, with what is read; compiles code.</summary>
    public static void Begin(Target target, string topic, int records)
    {
        using var producer = Target.Produce(target.Brokers);
        Write(producer, topic, records);
        Write(producer, topic + Spread, WarmRecords, Partitions);
    }

    /// <summary>Writes records to partition 0, or to several in turn; all are acknowledged on return.</summary>
    public static void Write(IProducer<Null, byte[]> producer, string topic, int records, int partitions = 1)
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

    // Seconds that it took; the producer's id and what it knows of the topic come before.
    private static double Produce(Target target, Meter meter, string topic, int records, int partitions = 1, int? waitingKiBMax = null)
    {
        using var producer = waitingKiBMax is { } all ? Target.Produce(target.Brokers, waitingKiBMax: all) : Target.Produce(target.Brokers);
        Write(producer, topic, partitions, partitions);
        meter.Begin();
        Write(producer, topic, records, partitions);
        meter.End();
        return meter.Seconds;
    }

    private static void Consume(Target target, Meter meter, string topic, int records)
    {
        using var consumer = Consumer(target.Brokers);
        Read(consumer, topic, WarmRecords);
        meter.Begin();
        Read(consumer, topic, records);
        meter.End();
    }

    // From before a record is produced until a consumer has it; at a rate, for some seconds.
    private static Outcome EndToEnd(Target target, string topic, double perSecond, double seconds)
    {
        var count = (int)(perSecond * seconds);
        var latencies = new List<double>(count);
        using var consumer = Consumer(target.Brokers);
        using var producer = Target.Produce(target.Brokers, lingerMs: 0);
        Write(producer, topic, 1);
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        Take(consumer);
        var reading = Task.Run(() =>
        {
            while (latencies.Count < count)
            {
                var sent = BinaryPrimitives.ReadInt64LittleEndian(Take(consumer).Message.Value);
                latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        });
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            // The rate, of a load generator: spinning would take the servers' core.
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < i / perSecond)
                Thread.Sleep(1);
            var value = new byte[RecordBytes];
            BinaryPrimitives.WriteInt64LittleEndian(value, Stopwatch.GetTimestamp());
            producer.Produce(new TopicPartition(topic, 0), new Message<Null, byte[]> { Value = value });
        }
        reading.GetAwaiter().GetResult();
        return Outcome.Of(0, latencies);
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
