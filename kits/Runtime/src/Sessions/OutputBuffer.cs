using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Microcosm.Runtime;

/// <summary>
/// A connection's unsent output: an <see cref="IBufferWriter{T}"/> over pooled segments, consumed from the front by the host.
/// Idle connections hold no segment.
/// </summary>
public sealed class OutputBuffer : IBufferWriter<byte>
{
    private const int SegmentBytes = 16 * 1024;

    private readonly Queue<OutputSegment> _full = new();
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
        _full.Enqueue(new OutputSegment(array, start, start + count));
        Position += count;
        Length += count;
    }

    /// <summary>Appends bytes of a file, which are read when they are sent.</summary>
    /// <param name="file">Released by the buffer.</param>
    /// <param name="offset">Where the bytes begin.</param>
    /// <param name="count">How many they are, above 0.</param>
    public void AttachFile(IOutputFile file, long offset, long count)
    {
        Invariant.Check(count > 0 && offset >= 0);
        if (_tail is not null)
            PutTailAway();
        _full.Enqueue(new OutputSegment(file, offset, count));
        Position += count;
        Length += count;
    }

    /// <summary>
    /// The first unsent bytes that lie together, at most <paramref name="max"/>; empty when there are none, or when a file is shorter
    /// than it was to be. Throws <see cref="IOException"/> where a file cannot be read.
    /// </summary>
    public ReadOnlyMemory<byte> Front(long max)
    {
        if (_full.TryPeek(out var first))
            return first.Front(max);
        return _tail is null ? default : _tail.AsMemory(_tailStart, (int)Math.Min(_tailEnd - _tailStart, max));
    }

    /// <summary>True where the first unsent bytes are in a file of the machine: the kernel can send them itself.</summary>
    public bool TryFrontFile(long max, out SafeFileHandle? handle, out long offset, out long count)
    {
        (handle, offset, count) = (null, 0, 0);
        return _full.TryPeek(out var first) && first.TryFrontFile(max, out handle, out offset, out count);
    }

    /// <summary>Drops <paramref name="count"/> bytes from the front: they were sent.</summary>
    public void Consume(long count)
    {
        Invariant.Check(count <= Length);
        Length -= count;
        while (count > 0 && _full.TryPeek(out var first))
        {
            count -= first.Take(count);
            if (first.IsEmpty)
                _full.Dequeue().Release();
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
            _full.Enqueue(new OutputSegment(_tail!, _tailStart, _tailEnd));
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
}
