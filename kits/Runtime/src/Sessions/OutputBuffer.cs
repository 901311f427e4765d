using System.Buffers;

namespace Microcosm.Runtime;

/// <summary>
/// A connection's unsent output: an <see cref="IBufferWriter{T}"/> over pooled segments, consumed from the front by the host.
/// Idle connections hold no segment.
/// </summary>
public sealed class OutputBuffer : IBufferWriter<byte>
{
    private const int SegmentBytes = 16 * 1024;

    private readonly Queue<Segment> _full = new();
    private byte[]? _tail;
    private int _tailStart;
    private int _tailEnd;

    /// <summary>Bytes ever written: the position of the next byte.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes written and not yet consumed.</summary>
    public long Length { get; private set; }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_tail is null || _tail.Length - _tailEnd < Math.Max(sizeHint, 1))
            NewTail(sizeHint);
        return _tail.AsSpan(_tailEnd);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return _tail.AsMemory(_tailEnd);
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        Invariant.Check(count >= 0 && _tail is not null && _tailEnd + count <= _tail.Length);
        _tailEnd += count;
        Position += count;
        Length += count;
    }

    /// <summary>Appends <paramref name="bytes"/>.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var room = GetSpan(Math.Min(bytes.Length, SegmentBytes));
            if (room.Length >= bytes.Length)
            {
                bytes.CopyTo(room);
                Advance(bytes.Length);
                return;
            }
            bytes[..room.Length].CopyTo(room);
            Advance(room.Length);
            bytes = bytes[room.Length..];
        }
    }

    /// <summary>Appends bytes without copying them.</summary>
    /// <param name="array">From <see cref="ArrayPool{T}.Shared"/>; the buffer's from now on.</param>
    /// <param name="start">Where the bytes begin.</param>
    /// <param name="count">How many they are, above 0.</param>
    public void Attach(byte[] array, int start, int count)
    {
        Invariant.Check(count > 0 && start >= 0 && start + count <= array.Length);
        if (_tail is not null)
            PutTailAway();
        _full.Enqueue(new Segment(array, start, start + count));
        Position += count;
        Length += count;
    }

    /// <summary>The first unsent bytes that lie together, at most <paramref name="max"/>; empty when there are none.</summary>
    public ReadOnlyMemory<byte> Front(long max)
    {
        var (array, start, end) = _full.TryPeek(out var first) ? (first.Array, first.Start, first.End) : (_tail, _tailStart, _tailEnd);
        return array is null ? default : array.AsMemory(start, (int)Math.Min(end - start, max));
    }

    /// <summary>Drops <paramref name="count"/> bytes from the front: they were sent.</summary>
    public void Consume(long count)
    {
        Invariant.Check(count <= Length);
        Length -= count;
        while (count > 0 && _full.TryPeek(out var first))
        {
            var taken = (int)Math.Min(count, first.End - first.Start);
            first.Start += taken;
            count -= taken;
            if (first.Start == first.End)
                ArrayPool<byte>.Shared.Return(_full.Dequeue().Array);
        }
        _tailStart += (int)count;
        if (Length == 0)
            ReturnTail();
    }

    /// <summary>Drops everything and returns the memory.</summary>
    public void Clear() => Consume(Length);

    private void NewTail(int sizeHint)
    {
        if (_tail is not null)
            PutTailAway();
        _tail = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, SegmentBytes));
        _tailStart = _tailEnd = 0;
    }

    private void PutTailAway()
    {
        if (_tailEnd > _tailStart)
            _full.Enqueue(new Segment(_tail!, _tailStart, _tailEnd));
        else
            ArrayPool<byte>.Shared.Return(_tail!);
        _tail = null;
        _tailStart = _tailEnd = 0;
    }

    private void ReturnTail()
    {
        if (_tail is null)
            return;
        ArrayPool<byte>.Shared.Return(_tail);
        _tail = null;
        _tailStart = _tailEnd = 0;
    }

    private sealed class Segment(byte[] array, int start, int end)
    {
        public byte[] Array { get; } = array;
        public int Start { get; set; } = start;
        public int End { get; } = end;
    }
}
