namespace Microcosm.Storage;

/// <summary>
/// Reads a log forward, and on as it grows. For the log's own executor. It holds a sequence number, no snapshot: what a truncation replaced
/// is read as it is now.
/// </summary>
public sealed class LogReader : IDisposable
{
    private readonly SegmentedLog _log;
    private readonly RecordCursor _cursor;

    internal LogReader(SegmentedLog log, RecordCursor cursor, long position) => (_log, _cursor, Position) = (log, cursor, position);

    /// <summary>Sequence number of the next record to read; may be set.</summary>
    public long Position { get; set; }

    /// <summary>
    /// Reads the next record; false at the end of the log. The bytes are valid until the next call, on this reader or the log. Throws as
    /// <see cref="SegmentedLog.Read"/> does, also <see cref="ArgumentOutOfRangeException"/> when the position was truncated.
    /// </summary>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        record = default;
        if (Position >= _log.Next)
            return false;
        record = _log.Find(Position, _cursor);
        Position++;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _cursor.Dispose();
}
