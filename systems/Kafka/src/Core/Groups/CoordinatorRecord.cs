namespace Microcosm.Kafka;

/// <summary>One record of an internal topic, in Kafka's own format. A null value is a tombstone.</summary>
internal readonly record struct CoordinatorRecord(byte[] Key, byte[]? Value);

/// <summary>
/// Records to be appended as one batch. <paramref name="Done"/> is called once, with None when the batch is below the high watermark.
/// A producer id marks the batch as a part of that producer's transaction.
/// </summary>
internal sealed record CoordinatorWrite(
    IReadOnlyList<CoordinatorRecord> Records, Action<KafkaError> Done, long ProducerId = -1, short ProducerEpoch = -1);
