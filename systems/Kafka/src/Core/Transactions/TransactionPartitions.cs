using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>AddPartitionsToTxn and AddOffsetsToTxn, and the question of a partition's leader whether it is in the transaction.</summary>
internal sealed class TransactionPartitions(TransactionBoard board)
{
    /// <summary>Begins the transaction, or adds to it: all partitions or none.</summary>
    public void Add(PartitionsToAdd added, long nowMs, Action<KafkaError> reply)
    {
        var error = board.Find(added.TransactionalId, out var transaction);
        if (error == KafkaError.None)
            error = RefusalToAdd(transaction, added);
        if (error != KafkaError.None)
        {
            reply(error);
            return;
        }

        var current = transaction.Current;
        if (current.State == TransactionState.Ongoing && current.Partitions.IsSupersetOf(added.Partitions))
            reply(KafkaError.None);
        else
            board.Change(transaction, current.Adding(added.Partitions, nowMs), reply);
    }

    /// <summary>
    /// Verify-only (KIP-890): one error a partition, in their order. TRANSACTION_ABORTABLE for one that was not added: to append there
    /// would leave a transaction that nobody ends.
    /// </summary>
    public IReadOnlyList<KafkaError> Verify(PartitionsToAdd asked)
    {
        var error = board.Find(asked.TransactionalId, out var transaction);
        if (error == KafkaError.None)
            error = RefusalToVerify(transaction.Current, asked);
        return [.. asked.Partitions.Select(partition => error != KafkaError.None ? error
            : transaction.Current.Partitions.Contains(partition) ? KafkaError.None
            : KafkaError.TransactionAbortable)];
    }

    private static KafkaError RefusalToAdd(Transaction transaction, PartitionsToAdd added)
    {
        // First, as since 4.0: while a new producer id is on its way, the client that already has it must wait, not be fenced.
        if (transaction.IsInTransition)
            return KafkaError.ConcurrentTransactions;
        if (transaction.Current.ProducerId != added.ProducerId)
            return KafkaError.InvalidProducerIdMapping;
        return transaction.Current.ProducerEpoch != added.ProducerEpoch && !Bug.IsPlanted("kafka/old-epoch-adds-partitions")
            ? KafkaError.ProducerFenced
            : KafkaError.None;
    }

    private static KafkaError RefusalToVerify(TransactionMetadata current, PartitionsToAdd asked)
    {
        if (current.ProducerId != asked.ProducerId)
            return KafkaError.InvalidProducerIdMapping;
        if (current.ProducerEpoch != asked.ProducerEpoch)
            return KafkaError.ProducerFenced;
        return current.IsPrepared ? KafkaError.ConcurrentTransactions : KafkaError.None;
    }
}
