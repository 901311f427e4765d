using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Declares a request of Kafka's protocol at the method that carries it out.</summary>
/// <param name="name">As Kafka names it: <c>Produce</c>.</param>
/// <param name="key">Its API key.</param>
/// <param name="lowest">First version that is served.</param>
/// <param name="highest">Last one.</param>
internal sealed class KafkaOperationAttribute(string name, short key, short lowest, short highest) : OperationAttribute(name)
{
    public short Key { get; } = key;

    public short Lowest { get; } = lowest;

    public short Highest { get; } = highest;

    /// <summary>First version whose messages are flexible (KIP-482).</summary>
    public short FlexibleFrom { get; init; } = short.MaxValue;

    /// <summary>A client that has not authenticated may ask it.</summary>
    public bool IsBeforeAuthentication { get; init; }

    /// <summary>Only brokers ask it, and ApiVersions does not tell of it.</summary>
    public bool IsInternal { get; init; }
}
