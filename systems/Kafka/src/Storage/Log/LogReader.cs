using Microcosm.Storage;

namespace Microcosm.Kafka;

/// <summary>Reads of a log: batches from an offset on, and offsets by time.</summary>
internal sealed class LogReader(LogState state)
{
    // Who reads on comes back for the offset behind what was read: a few of those places are remembered.
    private const int PlacesMax = 4;

    private readonly List<(long Offset, LogSegment Segment, int Position)> _places = [];
    private int _version;

    /// <summary>Whole batches, beginning with the one that contains <paramref name="offset"/>.</summary>
    /// <param name="maxBytes">Most bytes to return, but for the first batch if <paramref name="minOneBatch"/>.</param>
    /// <param name="upToOffset">Batches that end at or behind this are not shown: a high watermark, a last stable offset.</param>
    /// <param name="rent">Where the memory comes from, of at least a length; null for the heap.</param>
    public FetchedRecords Read(long offset, int maxBytes, long upToOffset, bool minOneBatch, Func<int, byte[]>? rent = null)
    {
        if (offset < state.LogStart || offset > state.LogEnd)
            return new FetchedRecords(KafkaError.OffsetOutOfRange, default, offset);
        upToOffset = Math.Min(upToOffset, state.LogEnd);
        if (offset >= upToOffset)
            return new FetchedRecords(KafkaError.None, default, offset);
        try
        {
            var (segment, position) = Locate(offset);
            return segment is null ? new FetchedRecords(KafkaError.None, default, offset)
                : ReadAt(segment, position, offset, maxBytes, upToOffset, minOneBatch, rent);
        }
        catch (DamagedFileException)
        {
            return new FetchedRecords(KafkaError.CorruptMessage, default, offset);
        }
    }

    /// <summary>The first record that is not older than a time: its offset, timestamp and leader epoch; -1 each if there is none
    /// (ListOffsets). Throws <see cref="DamagedFileException"/> or <see cref="CorruptRecordException"/>.</summary>
    public (long Offset, long Timestamp, int Epoch) OffsetForTimestamp(long timestampMs)
    {
        foreach (var segment in state.Segments)
        {
            if (segment.Size == 0 || segment.LargestTimestamp < timestampMs)
                continue;
            var from = Math.Max(state.LogStart, segment.Times.Lookup(timestampMs));
            using var cursor = new BatchCursor(segment.Log, segment.Find(from, out _), segment.Size, headersOnly: true);
            while (cursor.TryNext(out var batch))
            {
                if (batch.MaxTimestamp >= timestampMs && batch.LastOffset >= state.LogStart
                    && FindIn(segment, cursor.Position, batch.SizeBytes, timestampMs) is { } found)
                    return found;
            }
        }
        return (-1, -1, -1);
    }

    /// <summary>The first record with the largest timestamp (KIP-734); -1 each if no record has one.</summary>
    public (long Offset, long Timestamp, int Epoch) OffsetForMaxTimestamp()
    {
        var latest = state.Segments.MaxBy(s => s.Max.Timestamp)!;
        if (latest.Max.Timestamp < 0)
            return (-1, -1, -1);
        var (timestamp, offset) = latest.Max;
        using var cursor = new BatchCursor(latest.Log, latest.Find(offset, out _), latest.Size, headersOnly: true);
        return cursor.TryNext(out var batch) && FindIn(latest, cursor.Position, batch.SizeBytes, timestamp) is { } found
            ? found
            : OffsetForTimestamp(timestamp);
    }

    private (long Offset, long Timestamp, int Epoch)? FindIn(LogSegment segment, long position, int size, long timestampMs)
    {
        using var cursor = new BatchCursor(segment.Log, position, position + size, headersOnly: false, size);
        if (!cursor.TryNext(out var batch))
            throw new DamagedFileException(segment.Log.Path, position, "no batch lies there");
        using var records = RecordReader.Open(batch);
        while (records.TryRead(out var record))
        {
            if (record.Timestamp >= timestampMs && record.Offset >= state.LogStart)
                return (record.Offset, record.Timestamp, batch.LeaderEpoch);
        }
        return null;
    }

    // The batch that contains an offset, or the next one where a cleaning left a gap; null behind the last.
    private (LogSegment? Segment, int Position) Locate(long offset)
    {
        if (_version != state.Version)
        {
            _places.Clear();
            _version = state.Version;
        }
        foreach (var place in _places)
        {
            if (place.Offset == offset && place.Position < place.Segment.Size)
                return (place.Segment, place.Position);
        }
        for (var at = state.IndexOf(offset); at < state.Segments.Count; at++)
        {
            var segment = state.Segments[at];
            var position = segment.Find(offset, out _);
            if (position < segment.Size)
                return (segment, position);
        }
        return default;
    }

    private FetchedRecords ReadAt(
        LogSegment segment, int position, long offset, int maxBytes, long upToOffset, bool minOneBatch, Func<int, byte[]>? rent)
    {
        Span<byte> header = stackalloc byte[RecordBatch.HeaderBytes];
        if (segment.Log.Read(position, header) < header.Length || !RecordBatch.TryReadHeader(header, out var first)
            || first.SizeBytes > segment.Size - position)
            throw new DamagedFileException(segment.Log.Path, position, "no batch lies there");
        if (first.LastOffset >= upToOffset || (first.SizeBytes > maxBytes && !minOneBatch))
            return new FetchedRecords(KafkaError.None, default, offset);
        var size = Math.Min(Math.Max(maxBytes, first.SizeBytes), segment.Size - position);
        var bytes = rent is null ? GC.AllocateUninitializedArray<byte>(size) : rent(size);
        var read = segment.Log.Read(position, bytes.AsSpan(0, size));
        var count = 0;
        var next = offset;
        while (RecordBatch.TryRead(bytes.AsSpan(count, read - count), out var batch) && batch.LastOffset < upToOffset)
            (count, next) = (count + batch.SizeBytes, batch.NextOffset);
        if (count == 0)
            throw new DamagedFileException(segment.Log.Path, position, "the batch is cut off");
        Remember(next, segment, position + count);
        return new FetchedRecords(KafkaError.None, bytes.AsMemory(0, count), next);
    }

    private void Remember(long offset, LogSegment segment, int position)
    {
        if (_places.Count == PlacesMax)
            _places.RemoveAt(0);
        _places.Add((offset, segment, position));
    }
}
