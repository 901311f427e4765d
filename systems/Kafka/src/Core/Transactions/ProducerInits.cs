namespace Microcosm.Kafka;

/// <summary>InitProducerId: gives a producer its id and epoch, which fences whoever had the transactional id (KIP-98, KIP-360).</summary>
internal sealed class ProducerInits(TransactionBoard board, TransactionEnds ends)
{
    public void Init(ProducerInit init, long nowMs, Action<ProducerResult> reply)
    {
        var refused = Refusal(init);
        if (refused != KafkaError.None)
        {
            reply(new ProducerResult(refused));
            return;
        }

        if (!board.Transactions.TryGetValue(init.TransactionalId, out var transaction))
        {
            if (!board.TryNewProducerId(out var producerId))
            {
                reply(new ProducerResult(KafkaError.CoordinatorLoadInProgress));
                return;
            }

            var created = new TransactionMetadata { ProducerId = producerId, TimeoutMs = init.TimeoutMs, UpdatedMs = nowMs };
            board.Transactions[init.TransactionalId] = transaction = new Transaction(init.TransactionalId, created);
        }

        if (transaction.IsInTransition)
            reply(new ProducerResult(KafkaError.ConcurrentTransactions));
        else if (!IsOwn(init, transaction.Current))
            reply(new ProducerResult(KafkaError.ProducerFenced));
        else if (transaction.Current.State == TransactionState.Ongoing)
            // The client gets its epoch when it asks again and the abort is complete.
            ends.Fence(transaction, nowMs, error => reply(
                new ProducerResult(error == KafkaError.None ? KafkaError.ConcurrentTransactions : error)));
        else
            Start(transaction, init, nowMs, reply);
    }

    private KafkaError Refusal(ProducerInit init)
    {
        if (init.TransactionalId.Length == 0 || (init.ProducerId == -1) != (init.ProducerEpoch == -1))
            return KafkaError.InvalidRequest;
        if (init.TimeoutMs <= 0 || init.TimeoutMs > board.Options.MaxTimeoutMs)
            return KafkaError.InvalidTransactionTimeout;
        return board.IsClosed ? board.ClosedError : KafkaError.None;
    }

    /// <summary>
    /// True unless the client names a producer id that is another's. The previous one is its own if its epochs were used up: then it only
    /// missed the answer. Of an id that is new here, say after it expired, nobody else has anything.
    /// </summary>
    private static bool IsOwn(ProducerInit init, TransactionMetadata current) =>
        init.ProducerId == -1 || current.ProducerEpoch == -1 || init.ProducerId == current.ProducerId
        || (init.ProducerId == current.PreviousProducerId && TransactionMetadata.IsExhausted(init.ProducerEpoch));

    private void Start(Transaction transaction, ProducerInit init, long nowMs, Action<ProducerResult> reply)
    {
        var current = transaction.Current;
        var isNamed = init.ProducerEpoch != -1;
        var isCurrent = current.ProducerEpoch == -1 || init.ProducerEpoch == current.ProducerEpoch;
        TransactionMetadata next;
        if (current.IsEpochExhausted && (!isNamed || isCurrent))
        {
            if (!board.TryNewProducerId(out var producerId))
            {
                reply(new ProducerResult(KafkaError.CoordinatorLoadInProgress));
                return;
            }

            var lastEpoch = isNamed ? current.ProducerEpoch : (short)-1;
            next = current.Initialized(0, lastEpoch, init.TimeoutMs, nowMs) with { ProducerId = producerId };
        }
        else if (!isNamed || isCurrent)
        {
            // Only who says its epoch may ask again with it; from who does not, it is another's.
            var lastEpoch = isNamed ? current.ProducerEpoch : (short)-1;
            next = current.Initialized((short)(current.ProducerEpoch + 1), lastEpoch, init.TimeoutMs, nowMs);
        }
        else if (init.ProducerEpoch == current.LastProducerEpoch)
        {
            // A retry: the bump is done, the answer was lost. The previous producer id stays, or the retry of this one would be fenced.
            next = current.Initialized(current.ProducerEpoch, current.LastProducerEpoch, init.TimeoutMs, nowMs) with
            {
                PreviousProducerId = current.PreviousProducerId,
            };
        }
        else
        {
            reply(new ProducerResult(KafkaError.ProducerFenced));
            return;
        }

        board.Change(transaction, next, error => reply(
            error == KafkaError.None ? new ProducerResult(error, next.ProducerId, next.ProducerEpoch) : new ProducerResult(error)));
    }
}
