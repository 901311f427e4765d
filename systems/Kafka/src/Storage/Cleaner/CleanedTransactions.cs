namespace Microcosm.Kafka;

/// <summary>
/// Follows the transactions of a log while it is cleaned (Kafka's CleanedTransactionMetadata): which batches belong to aborted ones and may
/// go, and which markers have nothing left to end.
/// </summary>
internal sealed class CleanedTransactions
{
    private readonly PriorityQueue<AbortedTransaction, long> _ahead = new();
    private readonly Dictionary<long, (AbortedTransaction Transaction, bool HasData)> _aborted = [];
    private readonly HashSet<long> _committed = [];

    public CleanedTransactions(IEnumerable<AbortedTransaction> aborted)
    {
        foreach (var transaction in aborted)
            _ahead.Enqueue(transaction, transaction.FirstOffset);
    }

    /// <summary>A batch of data: true if it is of an aborted transaction.</summary>
    public bool IsAborted(in RecordBatch batch)
    {
        Advance(batch.LastOffset);
        if (!batch.IsTransactional)
            return false;
        if (_aborted.TryGetValue(batch.ProducerId, out var aborted))
        {
            _aborted[batch.ProducerId] = (aborted.Transaction, true);
            return true;
        }
        _committed.Add(batch.ProducerId);
        return false;
    }

    /// <summary>A control batch: true if nothing of what it ends is there any more. If something is, and it aborts,
    /// <paramref name="kept"/> stays in the index of aborted transactions.</summary>
    public bool IsEmpty(in RecordBatch batch, out AbortedTransaction? kept)
    {
        kept = null;
        Advance(batch.LastOffset);
        if (batch.Count == 0)
            return true;
        if (EndTransactionMarker.Read(batch) is not { } marker)
            return false;
        if (marker.IsCommit)
            return !_committed.Remove(batch.ProducerId);
        if (!_aborted.Remove(batch.ProducerId, out var aborted) || !aborted.HasData)
            return true;
        kept = aborted.Transaction;
        return false;
    }

    private void Advance(long offset)
    {
        while (_ahead.TryPeek(out var transaction, out var first) && first <= offset)
        {
            _ahead.Dequeue();
            _aborted.TryAdd(transaction.ProducerId, (transaction, false));
        }
    }
}
