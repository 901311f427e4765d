using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// The producers of one log (Kafka's ProducerStateManager): repeated batches are found, gaps in sequence numbers and old epochs refused
/// (KIP-98, KIP-360), and open transactions bound what readers of committed data may see. Invariants: it is a function of the batches of
/// the log, but for expiry; every open transaction's first offset is that of one producer.
/// </summary>
internal sealed class ProducerStates(string topicPartition)
{
    private readonly Dictionary<long, ProducerState> _producers = [];

    // First offset → producer, and first offset → offset of the marker that is not yet below the high watermark. Made when needed.
    private SortedDictionary<long, long>? _open;
    private SortedDictionary<long, long>? _unreplicated;

    /// <summary>How many are known.</summary>
    public int Count => _producers.Count;

    /// <summary>Nothing that a snapshot would hold.</summary>
    public bool IsEmpty => _producers.Count == 0 && (_unreplicated is null || _unreplicated.Count == 0);

    /// <summary>All producers, by id.</summary>
    public IEnumerable<ProducerState> All => _producers.Values.OrderBy(p => p.ProducerId);

    /// <summary>The first offset of an open transaction, or of one whose marker may yet be lost; null if there is none.</summary>
    public long? FirstUnstableOffset
    {
        get
        {
            var (open, unreplicated) = (First(_open), First(_unreplicated));
            return open is null || unreplicated < open ? unreplicated : open;
        }
    }

    /// <summary>The first offset of an open transaction; null if there is none.</summary>
    public long? FirstUndecidedOffset => First(_open);

    /// <summary>Transactions that are complete, by first offset, with the offset of their marker, which is not below the high
    /// watermark yet.</summary>
    internal IReadOnlyDictionary<long, long> Unreplicated => _unreplicated ?? [];

    public ProducerState? Find(long producerId) => _producers.GetValueOrDefault(producerId);

    /// <summary>True if the producer has an open transaction here, so that its coordinator knows of this partition (KIP-890).</summary>
    public bool HasOpenTransaction(long producerId, short epoch) =>
        Find(producerId) is { TransactionFirstOffset: not null } producer && producer.Epoch == epoch;

    /// <summary>Checks a batch that is to get <paramref name="baseOffset"/>; changes nothing.</summary>
    public ProducerVerdict Check(in RecordBatch batch, EndTransactionMarker? marker, AppendOrigin origin, long baseOffset)
    {
        if (!batch.HasProducerId || origin == AppendOrigin.Replication)
            return default;
        var producer = Find(batch.ProducerId);
        if (origin == AppendOrigin.Client && producer?.Find(batch) is { } duplicate)
            return new ProducerVerdict(KafkaError.None, null, duplicate);
        if (producer is null)
            return default;
        if (batch.ProducerEpoch < producer.Epoch)
        {
            return new ProducerVerdict(KafkaError.InvalidProducerEpoch, $"Epoch of producer {batch.ProducerId} at offset {baseOffset} in "
                + $"{topicPartition} is {batch.ProducerEpoch}, which is smaller than the last seen epoch {producer.Epoch}");
        }
        if (marker is { } end)
            return CheckCoordinator(producer, end, baseOffset);
        if (origin == AppendOrigin.Client && CheckSequence(producer, batch, baseOffset) is { } wrong)
            return new ProducerVerdict(KafkaError.OutOfOrderSequenceNumber, wrong);
        return producer.TransactionFirstOffset is not null && !batch.IsTransactional && !batch.IsControl
            ? new ProducerVerdict(KafkaError.InvalidTxnState,
                $"Expected transactional write from producer {batch.ProducerId} at offset {baseOffset} in partition {topicPartition}")
            : default;
    }

    /// <summary>A batch was appended. Returns the transaction that it ended.</summary>
    public CompletedTransaction? Append(in RecordBatch batch, EndTransactionMarker? marker)
    {
        if (!batch.HasProducerId)
            return null;
        if (!_producers.TryGetValue(batch.ProducerId, out var producer))
            _producers[batch.ProducerId] = producer = new ProducerState(batch.ProducerId);
        if (marker is { } end)
            return End(producer, batch, end);
        if (batch.IsControl)
        {
            // A marker that was cleaned away leaves its epoch, which fences.
            if (batch.ProducerEpoch > producer.Epoch)
                producer.SetEpoch(batch.ProducerEpoch);
            return null;
        }
        var produced = new ProducedBatch(batch.LastSequence, batch.LastOffset, batch.LastOffsetDelta, batch.MaxTimestamp);
        if (producer.Append(batch.ProducerEpoch, produced, batch.IsTransactional))
            (_open ??= []).Add(batch.BaseOffset, batch.ProducerId);
        return null;
    }

    /// <summary>What the last stable offset becomes with the end of that transaction: the next one that is open, or the offset behind
    /// its marker.</summary>
    public long LastStableOffsetAfter(CompletedTransaction completed) => First(_open) ?? completed.LastOffset + 1;

    /// <summary>Markers below <paramref name="offset"/> can be lost no more.</summary>
    public void OnHighWatermark(long offset)
    {
        if (_unreplicated is null)
            return;
        // A transaction that began later may have ended earlier.
        foreach (var first in _unreplicated.Where(t => t.Value < offset).Select(t => t.Key).ToArray())
            _unreplicated.Remove(first);
    }

    /// <summary>Forgets producers that wrote nothing for so long, and have no open transaction. Returns how many.</summary>
    public int RemoveExpired(long nowMs, long expirationMs)
    {
        List<long>? expired = null;
        foreach (var producer in _producers.Values)
        {
            if (producer.TransactionFirstOffset is null && nowMs - producer.LastTimestamp >= expirationMs)
                (expired ??= []).Add(producer.ProducerId);
        }
        foreach (var id in expired ?? [])
            _producers.Remove(id);
        return expired?.Count ?? 0;
    }

    public void Clear()
    {
        _producers.Clear();
        (_open, _unreplicated) = (null, null);
    }

    internal void Restore(ProducerState producer)
    {
        _producers.Add(producer.ProducerId, producer);
        if (producer.TransactionFirstOffset is { } first)
            (_open ??= []).Add(first, producer.ProducerId);
    }

    internal void RestoreUnreplicated(long firstOffset, long lastOffset) => (_unreplicated ??= []).Add(firstOffset, lastOffset);

    private CompletedTransaction? End(ProducerState producer, in RecordBatch batch, EndTransactionMarker end)
    {
        if (producer.End(batch.ProducerEpoch, end.CoordinatorEpoch, batch.MaxTimestamp) is not { } first)
            return null;
        var wasOpen = _open is not null && _open.Remove(first);
        Invariant.Check(wasOpen);
        (_unreplicated ??= []).Add(first, batch.LastOffset);
        return new CompletedTransaction(producer.ProducerId, first, batch.LastOffset, !end.IsCommit);
    }

    private ProducerVerdict CheckCoordinator(ProducerState producer, EndTransactionMarker end, long offset) =>
        end.CoordinatorEpoch >= producer.CoordinatorEpoch
            ? default
            : new ProducerVerdict(KafkaError.TransactionCoordinatorFenced,
                $"Invalid coordinator epoch for producerId {producer.ProducerId} at offset {offset} in partition {topicPartition}: "
                + $"{end.CoordinatorEpoch} (zombie), {producer.CoordinatorEpoch} (current)");

    private string? CheckSequence(ProducerState producer, in RecordBatch batch, long offset)
    {
        var sequence = batch.BaseSequence;
        if (batch.ProducerEpoch != producer.Epoch)
        {
            return sequence == 0 || producer.Epoch == RecordBatch.NoProducerEpoch ? null
                : $"Invalid sequence number for new epoch of producer {batch.ProducerId} at offset {offset} in partition {topicPartition}: "
                    + $"{batch.ProducerEpoch} (request epoch), {sequence} (seq. number), {producer.Epoch} (current producer epoch)";
        }
        return sequence == RecordBatch.AddSequence(producer.LastSequence, 1) ? null
            : $"Out of order sequence number for producer {batch.ProducerId} at offset {offset} in partition {topicPartition}: {sequence} "
                + $"(incoming seq. number), {producer.LastSequence} (current end sequence number)";
    }

    private static long? First(SortedDictionary<long, long>? transactions)
    {
        if (transactions is null)
            return null;
        foreach (var first in transactions.Keys)
            return first;
        return null;
    }
}
