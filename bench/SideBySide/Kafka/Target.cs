using Confluent.Kafka;

namespace Microcosm.SideBySide.Kafka;

/// <summary>Brokers under measurement.</summary>
internal abstract class Target(string name) : Server(name)
{
    // As Kafka's own client has it (buffer.memory).
    private const int WaitingKiBMax = 32 << 10;

    /// <summary>For <c>bootstrap.servers</c>.</summary>
    public string Brokers { get; protected set; } = "";

    /// <summary>What was written can be read from the beginning.</summary>
    public virtual bool KeepsAll => true;

    /// <summary>Records a second that went to one partition, when it was last looked at.</summary>
    public double RecordsPerSecond { get; set; }

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
}
