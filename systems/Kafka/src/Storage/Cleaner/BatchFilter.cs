using System.Buffers;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// What a cleaning keeps of a batch. Offsets, sequence numbers and the last offset stay as they were. Invariants: the last value of a key
/// is kept; so is a tombstone or a marker until its delete horizon, which the first cleaning sets (KIP-534); the last batch of a producer
/// that is known stays, empty if need be.
/// </summary>
internal sealed class BatchFilter(
    KeyOffsets keys, CleanedTransactions transactions, ProducerStates producers, LogSettings settings, long upperBound, long nowMs)
{
    private readonly Dictionary<long, (long LastDataOffset, short Epoch)> _lastOfProducers =
        producers.All.ToDictionary(p => p.ProducerId, p => (p.LastDataOffset, p.Epoch));

    /// <summary>Writes what stays of a batch. <paramref name="kept"/> is the aborted transaction whose marker it is, if that
    /// stays.</summary>
    public void Apply(in RecordBatch batch, IBufferWriter<byte> output, out AbortedTransaction? kept)
    {
        kept = null;
        var canGo = batch.IsControl ? transactions.IsEmpty(batch, out kept) : transactions.IsAborted(batch);
        var goes = batch.IsControl ? canGo && batch.DeleteHorizonMs is { } horizon && horizon <= nowMs : canGo;
        var staysEmpty = (batch.HasProducerId && IsLastOfProducer(batch)) || batch.NextOffset == upperBound;
        if (goes)
        {
            if (staysEmpty)
                WriteEmpty(batch, output);
            return;
        }
        var (count, hasTombstones) = Count(batch);
        if (count == 0)
        {
            if (staysEmpty)
                WriteEmpty(batch, output);
            return;
        }
        var needsHorizon = (hasTombstones || (batch.IsControl && canGo)) && batch.DeleteHorizonMs is null;
        if (count == batch.Count && !needsHorizon)
            output.Write(batch.Bytes);
        else
            output.Write(Rebuild(batch, needsHorizon ? Horizon() : batch.DeleteHorizonMs));
    }

    private long Horizon() => settings.DeleteRetentionMs > long.MaxValue - nowMs ? long.MaxValue : nowMs + settings.DeleteRetentionMs;

    private (int Count, bool HasTombstones) Count(in RecordBatch batch)
    {
        var (count, hasTombstones) = (0, false);
        using var records = RecordReader.Open(batch);
        while (records.TryRead(out var record))
        {
            if (!Stays(batch, record))
                continue;
            count++;
            hasTombstones |= !record.HasValue;
        }
        return (count, hasTombstones);
    }

    private byte[] Rebuild(in RecordBatch batch, long? horizonMs)
    {
        var builder = new RecordBatchBuilder
        {
            Compression = batch.Compression,
            BaseOffset = batch.BaseOffset,
            LeaderEpoch = batch.LeaderEpoch,
            ProducerId = batch.ProducerId,
            ProducerEpoch = batch.ProducerEpoch,
            BaseSequence = batch.BaseSequence,
            IsTransactional = batch.IsTransactional,
            IsControl = batch.IsControl,
            DeleteHorizonMs = horizonMs,
            LogAppendTimeMs = batch.TimestampType == TimestampType.LogAppendTime ? batch.MaxTimestamp : null,
        };
        using var records = RecordReader.Open(batch);
        while (records.TryRead(out var record))
        {
            if (Stays(batch, record))
                builder.Add(record, keepsOffset: true);
        }
        Invariant.Check(builder.Count > 0);
        return builder.Build(batch.LastOffsetDelta);
    }

    private bool Stays(in RecordBatch batch, in Record record)
    {
        if (batch.IsControl || record.Offset > keys.LatestOffset)
            return true;
        // A record without key can never be replaced, so it would stay for ever.
        if (!record.HasKey || record.Offset < keys.Get(record.Key))
            return false;
        if (record.HasValue)
            return true;
        return !Bug.IsPlanted("kafka/tombstone-dropped-early") && (batch.DeleteHorizonMs is not { } horizon || nowMs < horizon);
    }

    private bool IsLastOfProducer(in RecordBatch batch)
    {
        if (!_lastOfProducers.TryGetValue(batch.ProducerId, out var last))
            return false;
        return last.LastDataOffset >= 0 ? batch.LastOffset == last.LastDataOffset : batch.IsControl && batch.ProducerEpoch == last.Epoch;
    }

    private static void WriteEmpty(in RecordBatch batch, IBufferWriter<byte> output)
    {
        var bytes = output.GetSpan(RecordBatch.HeaderBytes)[..RecordBatch.HeaderBytes];
        var attributes = batch.Attributes & ~RecordBatch.CompressionMask & ~RecordBatch.DeleteHorizonFlag;
        RecordBatch.WriteHeader(bytes, BatchHeader.Of(batch) with
        {
            Attributes = (short)attributes,
            BaseTimestamp = RecordBatch.NoTimestamp,
            Count = 0,
        });
        RecordBatch.SetCrc(bytes);
        output.Advance(bytes.Length);
    }
}
