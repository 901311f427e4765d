namespace Microcosm.Kafka;

/// <summary>
/// What a log knows of one producer (Kafka's ProducerStateEntry). Invariants: at most five batches, oldest first, all of the present epoch;
/// a transaction is open exactly while <see cref="TransactionFirstOffset"/> is not null.
/// </summary>
internal sealed class ProducerState(long producerId)
{
    /// <summary>How many requests a producer may have under way (max.in.flight.requests.per.connection), so how far back it may
    /// repeat.</summary>
    public const int BatchesMax = 5;

    private readonly List<ProducedBatch> _batches = [];

    public long ProducerId { get; } = producerId;

    public short Epoch { get; private set; } = RecordBatch.NoProducerEpoch;

    /// <summary>-1 until a marker was seen.</summary>
    public int CoordinatorEpoch { get; private set; } = -1;

    /// <summary>Timestamp of its last batch or marker, by which it expires.</summary>
    public long LastTimestamp { get; private set; } = RecordBatch.NoTimestamp;

    /// <summary>Where its open transaction began in this log; null if it has none.</summary>
    public long? TransactionFirstOffset { get; private set; }

    /// <summary>Markers that were appended while the log was open: a transaction that was verified before another one is over.</summary>
    public int Ends { get; private set; }

    /// <summary>Its last batches, oldest first.</summary>
    public IReadOnlyList<ProducedBatch> Batches => _batches;

    public int LastSequence => _batches.Count == 0 ? RecordBatch.NoSequence : _batches[^1].LastSequence;

    /// <summary>Offset of its last record of data, or -1.</summary>
    public long LastDataOffset => _batches.Count == 0 ? -1 : _batches[^1].LastOffset;

    /// <summary>The batch that has exactly these sequence numbers, if it is one of the last five.</summary>
    public ProducedBatch? Find(in RecordBatch batch)
    {
        if (batch.ProducerEpoch != Epoch)
            return null;
        foreach (var known in _batches)
        {
            if (known.FirstSequence == batch.BaseSequence && known.LastSequence == batch.LastSequence)
                return known;
        }
        return null;
    }

    /// <summary>A batch of data was appended. True if a transaction began with it.</summary>
    public bool Append(short epoch, ProducedBatch batch, bool isTransactional)
    {
        SetEpoch(epoch);
        if (_batches.Count == BatchesMax)
            _batches.RemoveAt(0);
        _batches.Add(batch);
        LastTimestamp = batch.Timestamp;
        if (!isTransactional || TransactionFirstOffset is not null)
            return false;
        TransactionFirstOffset = batch.FirstOffset;
        return true;
    }

    /// <summary>A marker was appended. Returns where the transaction that it ends began, or null if there was none here.</summary>
    public long? End(short epoch, int coordinatorEpoch, long timestamp)
    {
        SetEpoch(epoch);
        (CoordinatorEpoch, LastTimestamp, Ends) = (coordinatorEpoch, timestamp, Ends + 1);
        var first = TransactionFirstOffset;
        TransactionFirstOffset = null;
        return first;
    }

    /// <summary>Another epoch: sequence numbers begin again.</summary>
    public void SetEpoch(short epoch)
    {
        if (epoch == Epoch)
            return;
        _batches.Clear();
        Epoch = epoch;
    }

    internal static ProducerState Restore(
        long producerId, short epoch, int coordinatorEpoch, long lastTimestamp, long? transactionFirstOffset, ProducedBatch[] batches)
    {
        var state = new ProducerState(producerId)
        {
            Epoch = epoch,
            CoordinatorEpoch = coordinatorEpoch,
            LastTimestamp = lastTimestamp,
            TransactionFirstOffset = transactionFirstOffset,
        };
        state._batches.AddRange(batches);
        return state;
    }
}
