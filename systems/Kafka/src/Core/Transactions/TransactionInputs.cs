namespace Microcosm.Kafka;

/// <summary>
/// InitProducerId with a transactional id. Producer id and epoch are those that the client has (KIP-360), -1 for a client that starts.
/// </summary>
internal sealed record ProducerInit(string TransactionalId, int TimeoutMs, long ProducerId = -1, short ProducerEpoch = -1);

/// <summary>A producer's identity as it is given to a client: by InitProducerId, and by EndTxn from version 5. -1 for none.</summary>
internal readonly record struct ProducerResult(KafkaError Error, long ProducerId = -1, short ProducerEpoch = -1);

/// <summary>
/// AddPartitionsToTxn, for one transaction; also AddOffsetsToTxn, then with the group's partition of __consumer_offsets alone.
/// </summary>
internal sealed record PartitionsToAdd(
    string TransactionalId, long ProducerId, short ProducerEpoch, IReadOnlyList<TopicPartition> Partitions);

/// <summary>EndTxn. <paramref name="BumpsEpoch"/> is version 5 and above (KIP-890): each transaction has its own epoch.</summary>
internal sealed record TransactionEnd(
    string TransactionalId, long ProducerId, short ProducerEpoch, bool IsCommit, bool BumpsEpoch);

/// <summary>
/// The end of a transaction that is to be written to these partitions, as WriteTxnMarkers has it. One that is gone counts as written.
/// </summary>
internal sealed record TransactionMarkers(
    string TransactionalId, long ProducerId, short ProducerEpoch, int CoordinatorEpoch, bool IsCommit,
    IReadOnlyList<TopicPartition> Partitions);

/// <summary>
/// A transaction as DescribeTransactions and ListTransactions show it (KIP-664). Partitions are those whose marker is not written yet;
/// start -1 for none.
/// </summary>
internal sealed record TransactionDescription(
    string TransactionalId, TransactionState State, long ProducerId, short ProducerEpoch, int TimeoutMs, long StartMs,
    IReadOnlyList<TopicPartition> Partitions);

/// <summary>ListTransactions: empty filters let all pass; a duration of -1 too.</summary>
internal sealed record TransactionFilter(
    IReadOnlyCollection<string> States, IReadOnlyCollection<long> ProducerIds, long DurationMs = -1);

internal sealed record TransactionList(
    KafkaError Error, IReadOnlyList<string> UnknownStates, IReadOnlyList<TransactionDescription> Transactions);
