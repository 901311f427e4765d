using System.Collections.Immutable;

namespace Microcosm.Kafka;

/// <summary>
/// What a record of __transaction_state says of a transactional id, and what it may become. Times in ms, ids and epochs -1 for none.
/// </summary>
internal sealed record TransactionMetadata
{
    /// <summary>The client's version that ends each transaction with a new epoch (transaction.version 2, KIP-890).</summary>
    public const short BumpingVersion = 2;

    public required long ProducerId { get; init; }

    /// <summary>The one before, by which a client that missed the change is known.</summary>
    public long PreviousProducerId { get; init; } = -1;

    /// <summary>The one that follows when the markers are written: the epochs of the present one are used up.</summary>
    public long NextProducerId { get; init; } = -1;

    /// <summary>-1 until the id's first record is committed.</summary>
    public short ProducerEpoch { get; init; } = -1;

    /// <summary>
    /// The client's epoch before the last bump, so that its retry is known (KIP-360). Not in the record, as in Kafka's.
    /// </summary>
    public short LastProducerEpoch { get; init; } = -1;

    public required int TimeoutMs { get; init; }

    public TransactionState State { get; init; }

    public ImmutableSortedSet<TopicPartition> Partitions { get; init; } = [];

    public long StartMs { get; init; } = -1;

    public required long UpdatedMs { get; init; }

    /// <summary>The transaction.version by which the last transaction was ended.</summary>
    public short ClientVersion { get; init; }

    public bool IsPrepared => State is TransactionState.PrepareCommit or TransactionState.PrepareAbort;

    public bool IsCommit => State is TransactionState.PrepareCommit or TransactionState.CompleteCommit;

    /// <summary>The last epoch is left for fencing its producer: no client gets it.</summary>
    public bool IsEpochExhausted => IsExhausted(ProducerEpoch);

    public static bool IsExhausted(short epoch) => epoch >= short.MaxValue - 1;

    /// <summary>A producer starts: without a transaction, with this epoch.</summary>
    public TransactionMetadata Initialized(short epoch, short lastEpoch, int timeoutMs, long nowMs) => this with
    {
        PreviousProducerId = ProducerId,
        ProducerEpoch = epoch,
        LastProducerEpoch = lastEpoch,
        TimeoutMs = timeoutMs,
        State = TransactionState.Empty,
        StartMs = -1,
        UpdatedMs = nowMs,
    };

    public TransactionMetadata Adding(IEnumerable<TopicPartition> partitions, long nowMs) => this with
    {
        State = TransactionState.Ongoing,
        Partitions = Partitions.Union(partitions),
        StartMs = State == TransactionState.Ongoing ? StartMs : nowMs,
        UpdatedMs = nowMs,
    };

    /// <summary>The decision, whose markers carry the epoch that it sets.</summary>
    public TransactionMetadata Prepared(bool isCommit, bool bumpsEpoch, long nextProducerId, long nowMs) => this with
    {
        NextProducerId = nextProducerId,
        ProducerEpoch = bumpsEpoch ? (short)(ProducerEpoch + 1) : ProducerEpoch,
        LastProducerEpoch = bumpsEpoch ? ProducerEpoch : LastProducerEpoch,
        State = isCommit ? TransactionState.PrepareCommit : TransactionState.PrepareAbort,
        // KIP-890: a client may abort though nothing was added; the abort is then all there is of the transaction.
        StartMs = State == TransactionState.Ongoing ? StartMs : nowMs,
        UpdatedMs = nowMs,
        ClientVersion = bumpsEpoch ? BumpingVersion : (short)0,
    };

    /// <summary>All markers are written.</summary>
    public TransactionMetadata Completed(long nowMs) => this with
    {
        ProducerId = NextProducerId >= 0 ? NextProducerId : ProducerId,
        PreviousProducerId = ProducerId,
        NextProducerId = -1,
        ProducerEpoch = NextProducerId >= 0 ? (short)0 : ProducerEpoch,
        State = State == TransactionState.PrepareCommit ? TransactionState.CompleteCommit : TransactionState.CompleteAbort,
        Partitions = [],
        UpdatedMs = nowMs,
    };
}
