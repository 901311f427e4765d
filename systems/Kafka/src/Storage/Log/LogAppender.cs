using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Appends as a leader, which checks and assigns offsets, and as a follower, which takes what its leader has.</summary>
internal sealed class LogAppender(LogState state)
{
    private string TopicPartition => state.TopicPartition;

    /// <summary>Appends one batch, the only one that there may be. While it is written, its offset and epoch are those of the
    /// log.</summary>
    public AppendInfo AppendAsLeader(Memory<byte> bytes, int leaderEpoch, AppendOrigin origin)
    {
        if (CheckForm(bytes.Span, origin, out var batch) is { } malformed)
            return malformed;
        var nowMs = state.NowMs;
        var checkedRecords = RecordValidator.Validate(batch, state.Settings, origin, TopicPartition, nowMs);
        if (checkedRecords.Error != KafkaError.None)
            return new AppendInfo(checkedRecords.Error, checkedRecords.Message) { RecordErrors = checkedRecords.RecordErrors ?? [] };
        var final = checkedRecords.IsRebuilt ? Rebuild(batch) : bytes.Span[..batch.SizeBytes];
        if (checkedRecords.IsRebuilt && final.Length > state.Settings.MaxMessageBytes)
            return TooLarge(final.Length);
        if (final.Length > state.Settings.SegmentBytes)
        {
            return new AppendInfo(KafkaError.RecordListTooLarge, $"Message batch size is {final.Length} bytes in append to partition "
                + $"{TopicPartition}, which exceeds the maximum configured segment size of {state.Settings.SegmentBytes}.");
        }
        var (sentOffset, sentEpoch) = (batch.BaseOffset, batch.LeaderEpoch);
        RecordBatch.SetBaseOffset(final, state.LogEnd);
        RecordBatch.SetLeaderEpoch(final, leaderEpoch);
        var info = AppendChecked(WithTimestamp(final, checkedRecords.MaxTimestamp, nowMs), origin, nowMs);
        RecordBatch.SetBaseOffset(final, sentOffset);
        RecordBatch.SetLeaderEpoch(final, sentEpoch);
        return info;
    }

    /// <summary>Appends whole batches as they are; a cut-off one at the end is left out.</summary>
    public KafkaError AppendAsFollower(ReadOnlySpan<byte> bytes)
    {
        var (count, next) = (0, state.LogEnd);
        var rest = bytes;
        while (RecordBatch.TryRead(rest, out var batch))
        {
            if (!batch.CheckCrc())
                return KafkaError.CorruptMessage;
            // A leader's cleaning leaves gaps, but none wider than a segment's offsets go.
            if (batch.BaseOffset < next || batch.LastOffset < batch.BaseOffset || batch.LastOffset - next > int.MaxValue / 2)
                return KafkaError.OffsetOutOfRange;
            if (batch.IsControl && batch.HasProducerId && !IsReadable(batch))
                return KafkaError.CorruptMessage;
            next = batch.NextOffset;
            count += batch.SizeBytes;
            rest = rest[batch.SizeBytes..];
        }
        if (rest.Length >= RecordBatch.OverheadBytes && RecordBatch.SizeOf(rest) < RecordBatch.HeaderBytes)
            return KafkaError.CorruptMessage;
        return count == 0 || TryWrite(bytes[..count]) ? KafkaError.None : KafkaError.KafkaStorageError;
    }

    private AppendInfo? CheckForm(ReadOnlySpan<byte> bytes, AppendOrigin origin, out RecordBatch batch)
    {
        batch = default;
        if (bytes.Length < RecordBatch.OverheadBytes + 5)
            return new AppendInfo(KafkaError.InvalidRecord, "Record batch has no batches at all");
        if (RecordBatch.MagicOf(bytes) < RecordBatch.MagicV2)
        {
            return new AppendInfo(KafkaError.UnsupportedForMessageFormat,
                $"Record batches of magic {RecordBatch.MagicOf(bytes)} are not written to {TopicPartition}; this broker's format is 2");
        }
        if (RecordBatch.SizeOf(bytes) < RecordBatch.HeaderBytes || RecordBatch.MagicOf(bytes) != RecordBatch.MagicV2)
            return new AppendInfo(KafkaError.CorruptMessage, $"Record is corrupt in topic partition {TopicPartition}.");
        if (!RecordBatch.TryRead(bytes, out batch))
            return new AppendInfo(KafkaError.InvalidRecord, "Record batch has no batches at all");
        if (RecordBatch.TryRead(bytes[batch.SizeBytes..], out _))
            return new AppendInfo(KafkaError.InvalidRecord, "Compressed outer record has more than one batch");
        if (origin == AppendOrigin.Client && batch.BaseOffset != 0)
        {
            return new AppendInfo(KafkaError.InvalidRecord,
                $"The baseOffset of the record batch in the append to {TopicPartition} should be 0, but it is {batch.BaseOffset}");
        }
        if (batch.SizeBytes > state.Settings.MaxMessageBytes)
            return TooLarge(batch.SizeBytes);
        return batch.CheckCrc() ? null : new AppendInfo(KafkaError.CorruptMessage,
            $"Record is corrupt (stored crc = {batch.Crc}) in topic partition {TopicPartition}.");
    }

    // The batch with the timestamp that the topic's settings want in its header.
    private ReadOnlySpan<byte> WithTimestamp(ReadOnlySpan<byte> bytes, long maxTimestamp, long nowMs)
    {
        var (type, timestamp) = state.Settings.MessageTimestampType == TimestampType.LogAppendTime
            ? (TimestampType.LogAppendTime, nowMs) : (TimestampType.CreateTime, maxTimestamp);
        Invariant.Check(RecordBatch.TryRead(bytes, out var batch));
        if (batch.TimestampType == type && batch.MaxTimestamp == timestamp)
            return bytes;
        var copy = state.Files.Scratch(bytes.Length);
        bytes.CopyTo(copy);
        RecordBatch.SetMaxTimestamp(copy, type, timestamp);
        return copy;
    }

    private AppendInfo AppendChecked(ReadOnlySpan<byte> bytes, AppendOrigin origin, long nowMs)
    {
        var (first, isAppendTime) = (state.LogEnd, state.Settings.MessageTimestampType == TimestampType.LogAppendTime);
        Invariant.Check(RecordBatch.TryRead(bytes, out var batch));
        EndTransactionMarker? marker;
        try
        {
            marker = batch.IsControl && batch.HasProducerId ? EndTransactionMarker.Read(batch) : null;
        }
        catch (CorruptRecordException e)
        {
            return new AppendInfo(KafkaError.InvalidRecord, e.Message);
        }
        var verdict = state.Producers.Check(batch, marker, origin, first);
        if (verdict.Error != KafkaError.None)
            return new AppendInfo(verdict.Error, verdict.Message);
        if (verdict.Duplicate is { } duplicate)
        {
            return new AppendInfo(KafkaError.None, null, duplicate.FirstOffset, duplicate.LastOffset,
                isAppendTime ? duplicate.Timestamp : -1, IsDuplicate: true);
        }
        var last = batch.LastOffset;
        return TryWrite(bytes)
            ? new AppendInfo(KafkaError.None, null, first, last, isAppendTime ? nowMs : -1)
            : new AppendInfo(KafkaError.KafkaStorageError, $"Error while appending records to {TopicPartition}: {state.Failure!.Message}");
    }

    private bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            state.Append(bytes);
            return true;
        }
        catch (IOException e)
        {
            // Nobody knows how much of it is there.
            state.Fail(e);
            return false;
        }
    }

    // As the topic's own codec wants it, with offsets 0, 1, 2, …
    private byte[] Rebuild(in RecordBatch batch)
    {
        var codec = batch.IsControl ? batch.Compression : state.Settings.CompressionType ?? batch.Compression;
        var builder = new RecordBatchBuilder
        {
            Compression = codec,
            CompressionLevel = state.Settings.CompressionType is null ? null : state.Settings.CompressionLevel,
            ProducerId = batch.ProducerId,
            ProducerEpoch = batch.ProducerEpoch,
            BaseSequence = batch.BaseSequence,
            IsTransactional = batch.IsTransactional,
            IsControl = batch.IsControl,
        };
        using var records = RecordReader.Open(batch);
        while (records.TryRead(out var record))
            builder.Add(record, keepsOffset: false);
        return builder.Build();
    }

    private AppendInfo TooLarge(int size) => new(KafkaError.MessageTooLarge, $"The record batch size in the append to {TopicPartition} is "
        + $"{size} bytes which exceeds the maximum configured value of {state.Settings.MaxMessageBytes}.");

    private static bool IsReadable(in RecordBatch control)
    {
        try
        {
            _ = EndTransactionMarker.Read(control);
            return true;
        }
        catch (CorruptRecordException)
        {
            return false;
        }
    }
}
