namespace Microcosm.Kafka;

/// <summary>The broker's settings that transactions obey, as Kafka names them. Times in ms.</summary>
internal sealed record TransactionOptions
{
    /// <summary>transaction.max.timeout.ms: the longest timeout that a producer may ask for.</summary>
    public int MaxTimeoutMs { get; init; } = 900_000;

    /// <summary>transactional.id.expiration.ms: how long an id without a transaction is kept after its last change.</summary>
    public long IdExpirationMs { get; init; } = 7L * 24 * 60 * 60 * 1000;
}
