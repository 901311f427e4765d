using Microcosm.Runtime;

namespace Microcosm.Storage;

/// <summary>
/// Records that wait to be written, as frames without their checksums, in one piece of memory with room for a mark before it, so that a
/// batch is one write.
/// </summary>
internal sealed class PendingRecords(long first)
{
    private const int BytesMin = 4 << 10;
    private const int BytesKeptMax = 1 << 20;

    private readonly List<int> _offsets = [];
    private byte[] _bytes = new byte[BytesMin];
    private int _head;
    private int _start = Frame.MarkBytes;
    private int _end = Frame.MarkBytes;

    /// <summary>Sequence number of the first record here.</summary>
    public long First { get; private set; } = first;

    /// <summary>Sequence number after the last.</summary>
    public long Next => First + Count;

    public int Count => _offsets.Count - _head;

    /// <summary>Size of all frames.</summary>
    public int Bytes => _end - _start;

    /// <summary>A record's bytes; valid until the next change.</summary>
    public ReadOnlySpan<byte> this[long sequence]
    {
        get
        {
            var index = _head + (int)(sequence - First);
            return _bytes.AsSpan(_offsets[index], EndOf(index) - _offsets[index])[Frame.HeaderBytes..];
        }
    }

    /// <summary>Adds a record of two parts and returns its sequence number.</summary>
    public long Append(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var length = head.Length + body.Length;
        Reserve(Frame.HeaderBytes + length);
        var frame = _bytes.AsSpan(_end, Frame.HeaderBytes + length);
        Frame.WriteLength(frame, length);
        head.CopyTo(frame[Frame.HeaderBytes..]);
        body.CopyTo(frame[(Frame.HeaderBytes + head.Length)..]);
        _offsets.Add(_end);
        _end += frame.Length;
        return Next - 1;
    }

    /// <summary>Takes back the records from <paramref name="sequence"/> on.</summary>
    public void CutFrom(long sequence)
    {
        var index = _head + (int)(sequence - First);
        _end = index < _offsets.Count ? _offsets[index] : _end;
        _offsets.RemoveRange(index, _offsets.Count - index);
        ResetIfEmpty();
    }

    /// <summary>Takes back all; the next record is number <paramref name="next"/>.</summary>
    public void Restart(long next)
    {
        _offsets.Clear();
        (_head, _end) = (0, _start);
        First = next;
        ResetIfEmpty();
    }

    /// <summary>How many records, from the first, have room in <paramref name="bytes"/>.</summary>
    public int Fitting(long bytes)
    {
        if (Bytes <= bytes)
            return Count;
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (EndOf(_head + middle - 1) - _start <= bytes)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    /// <summary>The first <paramref name="count"/> frames, behind room for a mark if one is wanted.</summary>
    public Span<byte> Front(int count, bool withMark)
    {
        Invariant.Check(count > 0 && count <= Count);
        var start = withMark ? _start - Frame.MarkBytes : _start;
        return _bytes.AsSpan(start, EndOf(_head + count - 1) - start);
    }

    /// <summary>Forgets the first <paramref name="count"/> records: they are written.</summary>
    public void Consume(int count)
    {
        _start = EndOf(_head + count - 1);
        _head += count;
        First += count;
        ResetIfEmpty();
    }

    private int EndOf(int index) => index + 1 < _offsets.Count ? _offsets[index + 1] : _end;

    private void ResetIfEmpty()
    {
        if (Count > 0)
            return;
        _offsets.Clear();
        _head = 0;
        _start = _end = Frame.MarkBytes;
        if (_bytes.Length > BytesKeptMax)
            _bytes = new byte[BytesMin];
    }

    private void Reserve(int bytes)
    {
        if (_bytes.Length - _end >= bytes)
            return;
        var size = checked((int)Math.Min(Array.MaxLength, Math.Max(2L * Bytes, (long)Bytes + bytes) + Frame.MarkBytes));
        var room = size > _bytes.Length ? new byte[size] : _bytes;
        _bytes.AsSpan(_start, Bytes).CopyTo(room.AsSpan(Frame.MarkBytes));
        var moved = _start - Frame.MarkBytes;
        _offsets.RemoveRange(0, _head);
        _head = 0;
        for (var i = 0; i < _offsets.Count; i++)
            _offsets[i] -= moved;
        (_bytes, _start, _end) = (room, Frame.MarkBytes, _end - moved);
    }
}
