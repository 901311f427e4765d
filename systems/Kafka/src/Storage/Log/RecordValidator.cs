namespace Microcosm.Kafka;

/// <summary>What was found of a batch that a leader is to append.</summary>
/// <param name="MaxTimestamp">Largest timestamp of its records, whatever its header says.</param>
/// <param name="IsRebuilt">It cannot stay as it is: another codec is wanted, or its offsets are not 0, 1, 2, …</param>
internal readonly record struct Validation(
    KafkaError Error, string? Message = null, long MaxTimestamp = RecordBatch.NoTimestamp, bool IsRebuilt = false,
    IReadOnlyList<RecordError>? RecordErrors = null);

/// <summary>The checks of a leader on a batch before it gets its offsets (Kafka's LogValidator): count, keys, timestamps, and that its
/// records can be read at all, so that no consumer meets what it cannot read.</summary>
internal static class RecordValidator
{
    // What Kafka's answer to a bad batch lists; more says nothing more.
    private const int ErrorsMax = 100;

    public static Validation Validate(in RecordBatch batch, LogSettings settings, AppendOrigin origin, string topicPartition, long nowMs)
    {
        if (origin == AppendOrigin.Client && CheckHeader(batch, topicPartition) is { } wrong)
            return new Validation(KafkaError.InvalidRecord, wrong);
        try
        {
            return CheckRecords(batch, settings, topicPartition, nowMs);
        }
        catch (CorruptRecordException e)
        {
            return new Validation(KafkaError.InvalidRecord, $"{e.Message} in topic partition {topicPartition}");
        }
    }

    private static string? CheckHeader(in RecordBatch batch, string topicPartition)
    {
        var count = (long)batch.LastOffsetDelta + 1;
        if (count <= 0)
            return $"Batch has an invalid offset range: [{batch.BaseOffset}, {batch.LastOffset}] in topic partition {topicPartition}";
        if (batch.Count <= 0)
            return $"Invalid reported count for record batch: {batch.Count} in topic partition {topicPartition}";
        if (count != batch.Count)
        {
            return $"Inconsistent batch offset range [{batch.BaseOffset}, {batch.LastOffset}] and count of records {batch.Count} in topic "
                + $"partition {topicPartition}";
        }
        if (batch.IsControl)
            return $"Clients are not allowed to write control records in topic partition {topicPartition}";
        if (batch.HasProducerId && batch.BaseSequence < 0)
        {
            return $"Invalid sequence number {batch.BaseSequence} in record batch with producerId {batch.ProducerId} in topic partition "
                + topicPartition;
        }
        return null;
    }

    private static Validation CheckRecords(in RecordBatch batch, LogSettings settings, string topicPartition, long nowMs)
    {
        var maxTimestamp = RecordBatch.NoTimestamp;
        var isRebuilt = !batch.IsControl && settings.CompressionType is { } codec && codec != batch.Compression;
        List<RecordError>? errors = null;
        var error = KafkaError.None;
        using var records = RecordReader.Open(batch);
        for (var index = 0; records.TryRead(out var record); index++)
        {
            maxTimestamp = Math.Max(maxTimestamp, record.Timestamp);
            isRebuilt |= record.OffsetDelta != index;
            if (CheckRecord(batch, record, settings, topicPartition, nowMs, out var found) is not { } message)
                continue;
            errors ??= [];
            if (errors.Count < ErrorsMax)
                errors.Add(new RecordError(index, message));
            error = error == KafkaError.InvalidTimestamp ? error : found;
        }
        return errors is null ? new Validation(KafkaError.None, null, maxTimestamp, isRebuilt) : Rejected(error, errors);
    }

    private static Validation Rejected(KafkaError error, List<RecordError> errors) => new(
        error, error == KafkaError.InvalidTimestamp
            ? "One or more records have been rejected due to invalid timestamp"
            : $"One or more records have been rejected due to {errors.Count} record errors in total, and only showing the first three "
                + $"errors at most: [{string.Join(", ", errors.Take(3).Select(Text))}]",
        RecordErrors: errors);

    private static string Text(RecordError error) => $"RecordError(batchIndex={error.BatchIndex}, message='{error.Message}')";

    private static string? CheckRecord(
        in RecordBatch batch, in Record record, LogSettings settings, string topicPartition, long nowMs, out KafkaError error)
    {
        error = KafkaError.InvalidRecord;
        if (settings.IsCompacted && !record.HasKey)
            return $"Compacted topic cannot accept message without key in topic partition {topicPartition}";
        error = KafkaError.InvalidTimestamp;
        if (settings.MessageTimestampType != TimestampType.CreateTime)
            return null;
        if (batch.TimestampType == TimestampType.LogAppendTime)
            return "Invalid timestamp type in message. Producer should not set timestamp type to LogAppendTime.";
        if (record.Timestamp == RecordBatch.NoTimestamp)
            return null;
        var ageMs = nowMs - record.Timestamp;
        if (ageMs <= settings.MessageTimestampBeforeMaxMs && -ageMs <= settings.MessageTimestampAfterMaxMs)
            return null;
        return $"Timestamp {record.Timestamp} of message with offset {record.Offset} is out of range. The timestamp should be within ["
            + $"{Subtract(nowMs, settings.MessageTimestampBeforeMaxMs)}, {Add(nowMs, settings.MessageTimestampAfterMaxMs)}]";
    }

    private static long Add(long value, long more) => more > long.MaxValue - value ? long.MaxValue : value + more;

    private static long Subtract(long value, long less) => value - Math.Min(less, value);
}
