namespace Microcosm.Kafka;

/// <summary>By which of a broker's doors a connection came in: what it is told of where brokers are follows from it.</summary>
/// <param name="Name">As brokers are registered with it: <c>EXTERNAL</c> for sockets of this machine, <c>INTERNAL</c> for the
/// fabric.</param>
/// <param name="IsInternal">It is for brokers only.</param>
internal sealed record KafkaListener(string Name, bool IsInternal)
{
    /// <summary>Over a real socket.</summary>
    public static KafkaListener External { get; } = new("EXTERNAL", false);

    /// <summary>Through the world's own network.</summary>
    public static KafkaListener Internal { get; } = new("INTERNAL", false);

    /// <summary>Between brokers.</summary>
    public static KafkaListener Brokers { get; } = new("REPLICATION", true);
}
