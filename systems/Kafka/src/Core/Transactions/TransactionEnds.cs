using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// EndTxn, the aborts that fence a producer, and the markers. A transaction is decided when its Prepare record is committed: from then on
/// it ends that way, whoever coordinates.
/// </summary>
internal sealed class TransactionEnds(TransactionBoard board)
{
    // A client that bumped from here to a new producer id, and missed the answer, still says this epoch.
    private const short LastClientEpoch = short.MaxValue - 1;

    public void End(TransactionEnd end, long nowMs, Action<ProducerResult> reply)
    {
        var error = board.Find(end.TransactionalId, out var transaction);
        var isDone = false;
        if (error == KafkaError.None)
            (error, isDone) = end.BumpsEpoch ? JudgeBumping(transaction, end) : Judge(transaction, end);
        var producerId = -1L;
        if (error == KafkaError.None && !isDone && end.BumpsEpoch)
            error = NextProducerId(transaction.Current, out producerId);
        if (error != KafkaError.None)
        {
            reply(new ProducerResult(error));
            return;
        }

        var current = transaction.Current;
        if (isDone)
        {
            reply(Answer(end, current.ProducerId, current.ProducerEpoch));
            return;
        }

        var next = current.Prepared(end.IsCommit, end.BumpsEpoch, producerId, nowMs);
        var answer = producerId >= 0 ? Answer(end, producerId, 0) : Answer(end, next.ProducerId, next.ProducerEpoch);
        board.Change(transaction, next, failed => reply(failed == KafkaError.None ? answer : new ProducerResult(failed)));
    }

    /// <summary>
    /// Aborts an ongoing transaction with a new epoch, so that its producer can append no more, whatever it has under way. The new epoch is
    /// nobody's, and none before it may ask for it by KIP-360.
    /// </summary>
    public void Fence(Transaction transaction, long nowMs, Action<KafkaError> done)
    {
        var error = NextProducerId(transaction.Current, out var producerId);
        if (error != KafkaError.None)
        {
            done(error);
            return;
        }

        var next = transaction.Current.Prepared(isCommit: false, bumpsEpoch: true, producerId, nowMs);
        if (Bug.IsPlanted("kafka/abort-without-a-new-epoch"))
            next = transaction.Current.Prepared(isCommit: false, bumpsEpoch: false, -1, nowMs);
        board.Change(transaction, next with { LastProducerEpoch = -1 }, done);
    }

    /// <summary>
    /// These partitions have the markers that were taken here. It may be told late or twice: producer id and epoch may be those of the next
    /// transaction too, so markers are the same only if they are the same object.
    /// </summary>
    public void MarkersWritten(TransactionMarkers markers, IReadOnlyCollection<TopicPartition> partitions, long nowMs)
    {
        if (board.Find(markers.TransactionalId, out var transaction) != KafkaError.None)
            return;
        if (!transaction.Current.IsPrepared || transaction.Pending is not null)
            return;
        if (!ReferenceEquals(transaction.Markers, markers) && !Bug.IsPlanted("kafka/marker-of-another-transaction-counts"))
            return;
        transaction.Mark(partitions);
        if (transaction.Unmarked.IsEmpty || Bug.IsPlanted("kafka/completed-at-the-first-marker"))
            board.Change(transaction, transaction.Current.Completed(nowMs), _ => { });
    }

    // What a client gets; below version 5 the fields do not exist.
    private static ProducerResult Answer(TransactionEnd end, long producerId, short producerEpoch) =>
        end.BumpsEpoch ? new ProducerResult(KafkaError.None, producerId, producerEpoch) : new ProducerResult(KafkaError.None);

    private KafkaError NextProducerId(TransactionMetadata current, out long producerId)
    {
        producerId = -1;
        return current.IsEpochExhausted && !board.TryNewProducerId(out producerId)
            ? KafkaError.CoordinatorLoadInProgress
            : KafkaError.None;
    }

    /// <summary>Below version 5: the state alone tells whether the end is a retry. Done is true for one that is.</summary>
    private static (KafkaError Error, bool IsDone) Judge(Transaction transaction, TransactionEnd end)
    {
        var current = transaction.Current;
        if (current.ProducerId != end.ProducerId)
            return (KafkaError.InvalidProducerIdMapping, false);
        if (current.ProducerEpoch != end.ProducerEpoch)
            return (KafkaError.ProducerFenced, false);
        if (transaction.IsInTransition)
            return (KafkaError.ConcurrentTransactions, false);
        return current.State switch
        {
            TransactionState.Ongoing => (KafkaError.None, false),
            TransactionState.CompleteCommit when end.IsCommit => (KafkaError.None, true),
            TransactionState.CompleteAbort when !end.IsCommit => (KafkaError.None, true),
            _ => (KafkaError.InvalidTxnState, false),
        };
    }

    /// <summary>
    /// KIP-890: the same epoch means the next transaction, the one before it a retry. Whoever has no transaction may abort: it may not
    /// know whether a partition was added for it.
    /// </summary>
    private static (KafkaError Error, bool IsDone) JudgeBumping(Transaction transaction, TransactionEnd end)
    {
        var current = transaction.Current;
        var isRotated = end.ProducerId == current.PreviousProducerId && end.ProducerEpoch == LastClientEpoch
            && current.ProducerEpoch == 0 && current.ProducerId != end.ProducerId;
        if (current.ProducerId != end.ProducerId && !isRotated)
            return (KafkaError.InvalidProducerIdMapping, false);
        var isCurrent = !isRotated && current.ProducerEpoch == end.ProducerEpoch;
        var isRetry = current.ClientVersion >= TransactionMetadata.BumpingVersion
            && (isRotated || current.ProducerEpoch == end.ProducerEpoch + 1);
        var isValid = current.State switch
        {
            TransactionState.CompleteCommit or TransactionState.CompleteAbort => isCurrent || isRetry,
            TransactionState.PrepareCommit or TransactionState.PrepareAbort => isRetry,
            _ => isCurrent,
        };
        if (!isValid)
            return (KafkaError.ProducerFenced, false);
        if (transaction.IsInTransition)
            return (KafkaError.ConcurrentTransactions, false);
        if (isRetry)
            return (current.IsCommit == end.IsCommit ? KafkaError.None : KafkaError.InvalidTxnState, true);
        return (current.State == TransactionState.Ongoing || !end.IsCommit ? KafkaError.None : KafkaError.InvalidTxnState, false);
    }
}
