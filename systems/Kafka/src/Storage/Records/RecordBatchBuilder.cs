using System.Buffers;
using System.Text;

namespace Microcosm.Kafka;

/// <summary>Builds one batch of format v2.</summary>
internal sealed class RecordBatchBuilder
{
    private readonly ArrayBufferWriter<byte> _records = new();
    private int _count;
    private int _lastDelta = -1;
    private long _maxTimestamp = RecordBatch.NoTimestamp;
    private long? _baseTimestamp;

    public CompressionType Compression { get; init; }

    /// <summary>The codec's own; null its usual one.</summary>
    public int? CompressionLevel { get; init; }

    public long BaseOffset { get; init; }

    public int LeaderEpoch { get; init; } = -1;

    public long ProducerId { get; init; } = RecordBatch.NoProducerId;

    public short ProducerEpoch { get; init; } = RecordBatch.NoProducerEpoch;

    public int BaseSequence { get; init; } = RecordBatch.NoSequence;

    public bool IsTransactional { get; init; }

    public bool IsControl { get; init; }

    /// <summary>From when on its tombstones may go; null if that is not known yet.</summary>
    public long? DeleteHorizonMs { get; init; }

    /// <summary>The time of all records, where the topic has LogAppendTime.</summary>
    public long? LogAppendTimeMs { get; init; }

    /// <summary>Records so far.</summary>
    public int Count => _count;

    /// <summary>Bytes that the batch would have without compression.</summary>
    public int SizeBytes => RecordBatch.HeaderBytes + _records.WrittenCount;

    /// <summary>Adds a record behind the last one. Null is a record without key, or a tombstone.</summary>
    public void Add(long timestampMs, byte[]? key, byte[]? value, IReadOnlyList<RecordHeader>? headers = null)
    {
        var encoded = Encode(headers);
        Add(_lastDelta + 1, timestampMs, key, key is not null, value, value is not null, headers?.Count ?? 0, encoded);
    }

    /// <summary>Adds a record of another batch, with the offset that it has there, or behind the last one.</summary>
    public void Add(in Record record, bool keepsOffset) => Add(
        keepsOffset ? checked((int)(record.Offset - BaseOffset)) : _lastDelta + 1, record.Timestamp, record.Key, record.HasKey,
        record.Value, record.HasValue, record.HeaderCount, record.Headers);

    /// <summary>The batch. <paramref name="lastOffsetDelta"/> keeps the end of a batch whose last records are gone.</summary>
    public byte[] Build(int? lastOffsetDelta = null)
    {
        byte[] batch;
        if (Compression == CompressionType.None)
        {
            batch = new byte[RecordBatch.HeaderBytes + _records.WrittenCount];
            _records.WrittenSpan.CopyTo(batch.AsSpan(RecordBatch.HeaderBytes));
        }
        else
        {
            var packed = new ArrayBufferWriter<byte>(RecordBatch.HeaderBytes + _records.WrittenCount / 2);
            Kafka.Compression.Pack(Compression, _records.WrittenSpan, packed, CompressionLevel);
            batch = new byte[RecordBatch.HeaderBytes + packed.WrittenCount];
            packed.WrittenSpan.CopyTo(batch.AsSpan(RecordBatch.HeaderBytes));
        }
        RecordBatch.WriteHeader(batch, new BatchHeader(BaseOffset, LeaderEpoch, Attributes(), lastOffsetDelta ?? _lastDelta,
            DeleteHorizonMs ?? _baseTimestamp ?? RecordBatch.NoTimestamp, LogAppendTimeMs ?? _maxTimestamp, ProducerId, ProducerEpoch,
            BaseSequence, _count));
        RecordBatch.SetCrc(batch);
        return batch;
    }

    private short Attributes() => (short)((int)Compression
        | (LogAppendTimeMs is not null ? RecordBatch.LogAppendTimeFlag : 0)
        | (IsTransactional ? RecordBatch.TransactionalFlag : 0)
        | (IsControl ? RecordBatch.ControlFlag : 0)
        | (DeleteHorizonMs is not null ? RecordBatch.DeleteHorizonFlag : 0));

    private void Add(
        int offsetDelta, long timestamp, ReadOnlySpan<byte> key, bool hasKey, ReadOnlySpan<byte> value, bool hasValue, int headerCount,
        ReadOnlySpan<byte> headers)
    {
        _baseTimestamp ??= timestamp;
        var timestampDelta = timestamp - (DeleteHorizonMs ?? _baseTimestamp.Value);
        var (keyLength, valueLength) = (hasKey ? key.Length : -1, hasValue ? value.Length : -1);
        var size = 1 + Varint.Size(timestampDelta) + Varint.Size(offsetDelta) + Varint.Size(keyLength) + key.Length
            + Varint.Size(valueLength) + value.Length + Varint.Size(headerCount) + headers.Length;
        Varint.Write(_records, size);
        _records.GetSpan(1)[0] = 0;
        _records.Advance(1);
        Varint.Write(_records, timestampDelta);
        Varint.Write(_records, offsetDelta);
        Varint.Write(_records, keyLength);
        _records.Write(key);
        Varint.Write(_records, valueLength);
        _records.Write(value);
        Varint.Write(_records, headerCount);
        _records.Write(headers);
        _count++;
        _lastDelta = offsetDelta;
        _maxTimestamp = Math.Max(_maxTimestamp, timestamp);
    }

    private static ReadOnlySpan<byte> Encode(IReadOnlyList<RecordHeader>? headers)
    {
        if (headers is null or { Count: 0 })
            return default;
        var encoded = new ArrayBufferWriter<byte>();
        foreach (var (key, value) in headers)
        {
            var name = Encoding.UTF8.GetBytes(key);
            Varint.Write(encoded, name.Length);
            encoded.Write(name);
            Varint.Write(encoded, value?.Length ?? -1);
            encoded.Write(value);
        }
        return encoded.WrittenSpan;
    }
}
