using Microcosm.Runtime;

namespace Microcosm.Storage;

/// <summary>Finds written records: from the index, or from where it stands, and keeps the file and a piece of it for the next.</summary>
internal sealed class RecordCursor(SegmentStore store) : IDisposable
{
    private readonly FileWindow _window = new();
    private Segment? _segment;
    private IDiskFile? _file;
    private int _cuts = -1;
    private long _sequence;
    private long _offset;

    /// <summary>A record that is written. The bytes are valid until the next call. Throws <see cref="DamagedFileException"/>.</summary>
    public ReadOnlySpan<byte> Read(long sequence)
    {
        var length = Seek(sequence);
        var frame = _window.At(_offset, Frame.HeaderBytes + length);
        if (!Frame.IsSound(frame, _segment!.Salt, _offset, sequence))
            throw Damaged($"record {sequence} has a wrong checksum");
        return frame[Frame.HeaderBytes..];
    }

    /// <summary>Where a record's frame begins in its segment.</summary>
    public long OffsetOf(long sequence)
    {
        Seek(sequence);
        return _offset;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    // Goes to a record and returns its length.
    private int Seek(long sequence)
    {
        var segment = store.Find(sequence);
        if (!ReferenceEquals(segment, _segment) || _cuts != store.Cuts)
            Enter(segment);
        var floor = segment.Floor(sequence);
        if (sequence < _sequence || floor.Sequence > _sequence)
            (_sequence, _offset) = floor;
        while (true)
        {
            var length = LengthAt(_offset, out var isMark);
            if (!isMark && _sequence == sequence)
                return length;
            _offset += Frame.HeaderBytes + length;
            _sequence += isMark ? 0 : 1;
        }
    }

    private int LengthAt(long offset, out bool isMark)
    {
        var header = _window.At(offset, Frame.HeaderBytes);
        if (header.Length < Frame.HeaderBytes || !Frame.TryReadHeader(header, out var length, out isMark)
            || length > _segment!.Length - offset - Frame.HeaderBytes)
            throw Damaged("no record begins here");
        return length;
    }

    private void Enter(Segment segment)
    {
        store.Index(segment);
        _file?.Dispose();
        // A disk error on the way leaves a cursor that stands nowhere.
        (_segment, _file) = (null, null);
        (_segment, _file, _cuts) = (segment, store.Open(segment), store.Cuts);
        (_sequence, _offset) = (segment.First, SegmentHeader.Bytes);
        _window.Reset(_file);
    }

    private DamagedFileException Damaged(string what) => new(_segment!.Path, _offset, what);
}
