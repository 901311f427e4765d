namespace Microcosm.Kafka;

/// <summary>The states of a transactional id, with Kafka's names and the numbers that its records have.</summary>
internal enum TransactionState : sbyte
{
    /// <summary>A producer has it, without a transaction yet.</summary>
    Empty = 0,
    Ongoing = 1,

    /// <summary>Decided: the markers are being written.</summary>
    PrepareCommit = 2,
    PrepareAbort = 3,
    CompleteCommit = 4,
    CompleteAbort = 5,

    /// <summary>Its tombstone is being written.</summary>
    Dead = 6,

    /// <summary>Never entered: as in Kafka, an abort that fences goes to PrepareAbort at once. ListTransactions knows it.</summary>
    PrepareEpochFence = 7,
}
