using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>A part of a response's body that the windows do not let go yet: bytes and parts of files, in order.</summary>
internal sealed class Http2PendingBody
{
    private readonly Queue<Part> _parts = new();
    private ByteQueue _bytes;
    private Part? _last;

    /// <summary>Bytes that wait.</summary>
    public long Length { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        if (_last is not { File: null, Count: > 0 })
            _parts.Enqueue(_last = new Part());
        _bytes.Add(bytes);
        _last.Count += bytes.Length;
        Length += bytes.Length;
    }

    public void Add(IOutputFile file, long offset, long count)
    {
        _parts.Enqueue(_last = new Part { File = file, Offset = offset, Count = count });
        Length += count;
    }

    /// <summary>Moves so many of the first bytes, which there must be, to the output. False: a file was shorter than was said, or cannot be
    /// read.</summary>
    public bool TryMove(int count, OutputBuffer to)
    {
        Invariant.Check(count <= Length);
        Length -= count;
        while (count > 0)
        {
            var part = _parts.Peek();
            var moved = (int)Math.Min(count, part.Count);
            if (part.File is null)
            {
                to.Write(_bytes.Bytes[..moved]);
                _bytes.Take(moved);
            }
            else if (!TryMove(part.File, part.Offset, moved, to))
            {
                return false;
            }
            part.Offset += moved;
            part.Count -= moved;
            count -= moved;
            if (part.Count == 0)
                _parts.Dequeue().File?.Release();
        }
        return true;
    }

    public void Clear()
    {
        while (_parts.TryDequeue(out var part))
            part.File?.Release();
        _bytes.Clear();
        Length = 0;
    }

    private static bool TryMove(IOutputFile file, long offset, int count, OutputBuffer to)
    {
        const int stepBytes = 8192;
        while (count > 0)
        {
            var span = to.GetSpan(Math.Min(count, stepBytes));
            int read;
            try
            {
                read = file.Read(offset, span[..Math.Min(count, span.Length)]);
            }
            catch (IOException)
            {
                return false;
            }
            if (read == 0)
                return false;
            to.Advance(read);
            (offset, count) = (offset + read, count - read);
        }
        return true;
    }

    private sealed class Part
    {
        public IOutputFile? File { get; init; }

        public long Offset { get; set; }

        public long Count { get; set; }
    }
}
