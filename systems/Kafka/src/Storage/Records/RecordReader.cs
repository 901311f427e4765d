namespace Microcosm.Kafka;

/// <summary>
/// Reads the records of a batch in order; compressed ones are unpacked into a pooled buffer, which goes back with <see cref="Dispose"/>.
/// Throws <see cref="CorruptRecordException"/> for anything but what the header promises: that many records, and nothing behind them.
/// </summary>
internal ref struct RecordReader : IDisposable
{
    private readonly long _baseOffset;
    private readonly long _baseTimestamp;
    private readonly long _appendTime;
    private readonly int _count;
    private readonly ReadOnlySpan<byte> _bytes;
    private PooledBytes? _unpacked;
    private int _position;
    private int _read;

    private RecordReader(in RecordBatch batch, ReadOnlySpan<byte> bytes, PooledBytes? unpacked)
    {
        (_baseOffset, _baseTimestamp, _count) = (batch.BaseOffset, batch.BaseTimestamp, batch.Count);
        _appendTime = batch.TimestampType == TimestampType.LogAppendTime ? batch.MaxTimestamp : RecordBatch.NoTimestamp;
        _bytes = bytes;
        _unpacked = unpacked;
    }

    /// <summary>A reader of a whole batch, whose checksum the caller has seen to.</summary>
    public static RecordReader Open(in RecordBatch batch)
    {
        if (batch.Compression == CompressionType.None)
            return new RecordReader(batch, batch.Payload, null);
        var unpacked = Compression.Unpack(batch.Compression, batch.Payload);
        return new RecordReader(batch, unpacked.Span, unpacked);
    }

    /// <summary>The next record; false after the last.</summary>
    public bool TryRead(out Record record)
    {
        record = default;
        if (_read >= _count)
        {
            if (_position != _bytes.Length)
                throw new CorruptRecordException("Incorrect declared batch size, records still remaining in file");
            return false;
        }
        var size = Varint.Read(_bytes, ref _position);
        if (size < 0 || size > _bytes.Length - _position)
            throw new CorruptRecordException($"Found invalid record size {size} at record {_read} of the batch");
        var body = _bytes.Slice(_position, size);
        _position += size;
        var at = 1; // Its attributes are not used.
        var timestampDelta = Varint.ReadLong(body, ref at);
        var offsetDelta = Varint.Read(body, ref at);
        var key = ReadBytes(body, ref at, out var hasKey);
        var value = ReadBytes(body, ref at, out var hasValue);
        var headerCount = Varint.Read(body, ref at);
        var headersAt = at;
        SkipHeaders(body, ref at, headerCount);
        if (at != size)
        {
            throw new CorruptRecordException(
                $"Invalid record size: expected to read {size} bytes in record payload, but instead read {at}");
        }
        _read++;
        record = new Record
        {
            Offset = _baseOffset + offsetDelta,
            OffsetDelta = offsetDelta,
            Timestamp = _appendTime != RecordBatch.NoTimestamp ? _appendTime : _baseTimestamp + timestampDelta,
            Key = key,
            HasKey = hasKey,
            Value = value,
            HasValue = hasValue,
            HeaderCount = headerCount,
            Headers = body[headersAt..],
        };
        return true;
    }

    public void Dispose()
    {
        _unpacked?.Dispose();
        _unpacked = null;
    }

    /// <summary>Bytes with their length before them; -1 stands for none.</summary>
    internal static ReadOnlySpan<byte> ReadBytes(ReadOnlySpan<byte> from, scoped ref int position, out bool isThere)
    {
        var length = Varint.Read(from, ref position);
        isThere = length >= 0;
        if (!isThere)
            return default;
        if (length > from.Length - position)
            throw new CorruptRecordException($"a field of {length} bytes does not fit into its record");
        position += length;
        return from.Slice(position - length, length);
    }

    private static void SkipHeaders(ReadOnlySpan<byte> body, ref int at, int count)
    {
        // A header has two bytes at least, so what follows bounds the loop.
        if (count < 0 || count > (body.Length - at) / 2)
            throw new CorruptRecordException($"Found invalid number of record headers {count}");
        for (; count > 0; count--)
        {
            ReadBytes(body, ref at, out var hasKey);
            if (!hasKey)
                throw new CorruptRecordException("Found invalid header key size");
            ReadBytes(body, ref at, out _);
        }
    }
}
