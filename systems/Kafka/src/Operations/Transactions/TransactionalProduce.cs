namespace Microcosm.Kafka;

/// <summary>What a batch of a transaction needs before it is appended: the right to the transactional id, and the coordinator's word
/// (KIP-890).</summary>
internal static class TransactionalProduce
{
    // Whose clients know TRANSACTION_ABORTABLE, and whose partitions are added by writing to them (transaction.version 2).
    private const short AbortableVersion = 11;
    private const short AddingVersion = 12;

    /// <summary>Null where the batch may be appended at once.</summary>
    public static ValueTask<AppendInfo?> CheckAsync(
        KafkaCall call, string? transactionalId, Partition partition, ReadOnlyMemory<byte> records)
    {
        if (!RecordBatch.TryReadHeader(records.Span, out var batch) || !batch.IsTransactional || !batch.HasProducerId)
            return default;
        if (transactionalId is null || !call.May(AclOperation.Write, AclResourceType.TransactionalId, transactionalId))
            return ValueTask.FromResult<AppendInfo?>(new AppendInfo(KafkaError.TransactionalIdAuthorizationFailed));
        return VerifyAsync(call, transactionalId, partition, batch.ProducerId, batch.ProducerEpoch);
    }

    private static async ValueTask<AppendInfo?> VerifyAsync(
        KafkaCall call, string transactionalId, Partition partition, long producerId, short epoch)
    {
        var error = await call.Broker.Verifier.VerifyAsync(partition, transactionalId, producerId, epoch, call.Version >= AddingVersion);
        return error switch
        {
            KafkaError.None => null,
            // Producers know it by this name where they produce.
            KafkaError.ProducerFenced => new AppendInfo(KafkaError.InvalidProducerEpoch),
            KafkaError.InvalidTxnState or KafkaError.TransactionAbortable when call.Version < AbortableVersion =>
                new AppendInfo(KafkaError.InvalidTxnState, "Partition was not added to the transaction"),
            KafkaError.ConcurrentTransactions when call.Version >= AddingVersion => new AppendInfo(error),
            KafkaError.ConcurrentTransactions or KafkaError.NetworkException or KafkaError.CoordinatorLoadInProgress
                or KafkaError.CoordinatorNotAvailable or KafkaError.NotCoordinator =>
                // Older clients try this one again, and know none of those here.
                new AppendInfo(KafkaError.NotEnoughReplicas,
                    $"Unable to verify the partition has been added to the transaction. Underlying error: {error}"),
            _ => new AppendInfo(error),
        };
    }
}
