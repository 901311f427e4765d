using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// The records of __transaction_state, which are Kafka's own. Our own log is read here, so a record that is none is a bug and ends the
/// node.
/// </summary>
internal static class TransactionRecords
{
    private const short KeyVersion = 0;

    // The flexible one, as of transaction.version 1: only it has the producer ids before and after.
    private const short ValueVersion = 1;

    /// <summary>A tombstone if the id is Dead.</summary>
    public static CoordinatorRecord Of(string transactionalId, TransactionMetadata metadata)
    {
        var key = MessageCodec.EncodeRecord(new TransactionLogKey { TransactionalId = transactionalId }, KeyVersion);
        return new CoordinatorRecord(key, metadata.State == TransactionState.Dead ? null : Encode(metadata));
    }

    public static string ReadKey(byte[] key) => MessageCodec.DecodeRecord<TransactionLogKey>(key).TransactionalId;

    public static TransactionMetadata Read(byte[] value)
    {
        var read = MessageCodec.DecodeRecord<TransactionLogValue>(value);
        var state = (TransactionState)read.TransactionStatus;
        Invariant.Check(state is >= TransactionState.Empty and <= TransactionState.CompleteAbort, $"a record has state {state}");
        return new TransactionMetadata
        {
            ProducerId = read.ProducerId,
            PreviousProducerId = read.PreviousProducerId,
            NextProducerId = read.NextProducerId,
            ProducerEpoch = read.ProducerEpoch,
            TimeoutMs = read.TransactionTimeoutMs,
            State = state,
            Partitions = [.. (read.TransactionPartitions ?? [])
                .SelectMany(topic => topic.PartitionIds.Select(partition => new TopicPartition(topic.Topic, partition)))],
            StartMs = read.TransactionStartTimestampMs,
            UpdatedMs = read.TransactionLastUpdateTimestampMs,
            ClientVersion = read.ClientTransactionVersion,
        };
    }

    private static byte[] Encode(TransactionMetadata metadata)
    {
        var value = new TransactionLogValue
        {
            ProducerId = metadata.ProducerId,
            PreviousProducerId = metadata.PreviousProducerId,
            NextProducerId = metadata.NextProducerId,
            ProducerEpoch = metadata.ProducerEpoch,
            TransactionTimeoutMs = metadata.TimeoutMs,
            TransactionStatus = (sbyte)metadata.State,
            TransactionPartitions = metadata.State == TransactionState.Empty ? null
                : [.. metadata.Partitions.GroupBy(partition => partition.Topic, (topic, all) => new TransactionLogValue.PartitionsSchema
                {
                    Topic = topic,
                    PartitionIds = [.. all.Select(partition => partition.Partition)],
                })],
            TransactionLastUpdateTimestampMs = metadata.UpdatedMs,
            TransactionStartTimestampMs = metadata.StartMs,
            ClientTransactionVersion = metadata.ClientVersion,
        };
        return MessageCodec.EncodeRecord(value, ValueVersion);
    }
}
