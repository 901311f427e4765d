using Confluent.Kafka;

namespace Microcosm.Streaming;

/// <summary>Brokers under measurement.</summary>
internal abstract class Target : IDisposable
{
    public abstract string Name { get; }

    // As Kafka's own client has it (buffer.memory).
    private const int WaitingKiBMax = 32 << 10;

    /// <summary>For <c>bootstrap.servers</c>.</summary>
    public abstract string Brokers { get; }

    /// <summary>User and system time of their process so far, in seconds; null where it is the client's own.</summary>
    public abstract double? CpuSeconds { get; }

    /// <summary>What was written can be read from the beginning.</summary>
    public virtual bool KeepsAll => true;

    /// <summary>A producer as applications that want to lose nothing have it.</summary>
    /// <param name="waitingKiBMax">What may wait in the client.</param>
    public static IProducer<Null, byte[]> Produce(string brokers, double lingerMs = 5, int waitingKiBMax = WaitingKiBMax) =>
        new ProducerBuilder<Null, byte[]>(new ProducerConfig
    {
        BootstrapServers = brokers,
        Acks = Acks.All,
        EnableIdempotence = true,
        LingerMs = lingerMs,
        QueueBufferingMaxMessages = 1_000_000,
        QueueBufferingMaxKbytes = waitingKiBMax,
    }).SetLogHandler((_, _) => { }).Build();

    public abstract void Dispose();
}
