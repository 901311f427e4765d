using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>What the parts of a <see cref="TransactionShard"/> share: the transactions, when each is due, writes and markers.</summary>
internal sealed class TransactionBoard(TransactionOptions options, int coordinatorEpoch, Func<long> newProducerId)
    : CoordinatorBoard
{
    public TransactionOptions Options { get; } = options;

    public SortedDictionary<string, Transaction> Transactions { get; } = new(StringComparer.Ordinal);

    public Queue<TransactionMarkers> Markers { get; } = [];

    /// <summary>False while the host has no producer ids left: then Kafka says COORDINATOR_LOAD_IN_PROGRESS.</summary>
    public bool TryNewProducerId(out long producerId) => (producerId = newProducerId()) >= 0;

    /// <summary>What is committed of this id; an error if that is nothing.</summary>
    public KafkaError Find(string transactionalId, out Transaction transaction)
    {
        transaction = null!;
        if (transactionalId.Length == 0)
            return KafkaError.InvalidRequest;
        if (IsClosed)
            return ClosedError;
        return Transactions.TryGetValue(transactionalId, out transaction!) && transaction.Exists
            ? KafkaError.None
            : KafkaError.InvalidProducerIdMapping;
    }

    /// <summary>Writes a change. Once it is committed it holds, what follows from it is begun, and it is <paramref name="done"/>.</summary>
    public void Change(Transaction transaction, TransactionMetadata next, Action<KafkaError> done)
    {
        transaction.Begin(next);
        LookAt(transaction, long.MaxValue);
        if (Bug.IsPlanted("kafka/transaction-answered-before-commit"))
        {
            done(KafkaError.None);
            done = _ => { };
        }

        Writes.Enqueue(new CoordinatorWrite([TransactionRecords.Of(transaction.TransactionalId, next)], Written));

        void Written(KafkaError error)
        {
            if (!IsEnded && error != KafkaError.None)
                Fail();
            if (IsEnded)
            {
                done(KafkaError.NotCoordinator);
                return;
            }

            transaction.Commit();
            Continue(transaction);
            done(KafkaError.None);
        }
    }

    /// <summary>What is to happen next with a transaction whose state is committed.</summary>
    public void Continue(Transaction transaction)
    {
        var current = transaction.Current;
        switch (current.State)
        {
            case TransactionState.PrepareCommit or TransactionState.PrepareAbort when transaction.Unmarked.IsEmpty:
                Change(transaction, current.Completed(current.UpdatedMs), _ => { });
                break;
            case TransactionState.PrepareCommit or TransactionState.PrepareAbort:
                transaction.Markers = new TransactionMarkers(transaction.TransactionalId, current.ProducerId, current.ProducerEpoch,
                    coordinatorEpoch, current.IsCommit, [.. transaction.Unmarked]);
                Markers.Enqueue(transaction.Markers);
                break;
            case TransactionState.Ongoing:
                LookAt(transaction, current.StartMs + current.TimeoutMs);
                break;
            case TransactionState.Dead:
                Transactions.Remove(transaction.TransactionalId);
                break;
            default:
                LookAt(transaction, current.UpdatedMs + Options.IdExpirationMs);
                break;
        }
    }

    /// <summary>Takes the next transaction that is due; null if none is.</summary>
    public Transaction? TakeDue(long nowMs)
    {
        if (FirstDue(nowMs) is not { } id)
            return null;
        var transaction = Transactions[id];
        LookAt(transaction, long.MaxValue);
        return transaction;
    }

    public void LookAt(Transaction transaction, long dueMs) =>
        transaction.DueMs = Move(transaction.TransactionalId, transaction.DueMs, dueMs);

    protected override void EndWaits() => Markers.Clear();
}
