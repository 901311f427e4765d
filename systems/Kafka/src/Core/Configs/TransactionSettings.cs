namespace Microcosm.Kafka;

/// <summary>What transactions obey, from the cluster's options.</summary>
internal static class TransactionSettings
{
    public static TransactionOptions Of(KafkaOptions options) => new()
    {
        MaxTimeoutMs = (int)options.Number("transaction.max.timeout.ms"),
        IdExpirationMs = options.Number("transactional.id.expiration.ms"),
    };
}
