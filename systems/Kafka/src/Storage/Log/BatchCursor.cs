using System.Buffers;

namespace Microcosm.Kafka;

/// <summary>
/// Walks over the batches of a segment's file. What it shows is valid until the next step. It ends where the range ends or no batch lies;
/// <see cref="IsAtEnd"/> tells the two apart.
/// </summary>
/// <param name="position">Of a batch, in the file.</param>
/// <param name="end">Where the range ends.</param>
/// <param name="headersOnly">Show headers alone, so that large batches need not be read.</param>
/// <param name="windowBytes">What one read takes.</param>
internal sealed class BatchCursor(LogFile file, long position, long end, bool headersOnly, int windowBytes = 64 << 10) : IDisposable
{
    private byte[] _window = ArrayPool<byte>.Shared.Rent(windowBytes);
    private long _windowAt;
    private int _windowCount;
    private long _next = position;

    /// <summary>Of the batch that was shown last.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Where the next one lies.</summary>
    public long NextPosition => _next;

    /// <summary>True if everything in the range was a batch.</summary>
    public bool IsAtEnd => _next == end;

    public bool TryNext(out RecordBatch batch)
    {
        batch = default;
        if (end - _next < RecordBatch.HeaderBytes || !RecordBatch.TryReadHeader(Window(RecordBatch.HeaderBytes), out var header)
            || header.SizeBytes > end - _next)
            return false;
        var size = header.SizeBytes;
        if (headersOnly)
            batch = header;
        else if (!RecordBatch.TryRead(Window(size), out batch))
            return false;
        Position = _next;
        _next += size;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_window);
        _window = [];
    }

    // So many bytes from the next batch on, or fewer where the file is shorter than it should be.
    private ReadOnlySpan<byte> Window(int size)
    {
        var at = _next - _windowAt;
        if (at < 0 || at + size > _windowCount)
        {
            if (size > _window.Length)
            {
                ArrayPool<byte>.Shared.Return(_window);
                _window = ArrayPool<byte>.Shared.Rent(size);
            }
            (_windowAt, at) = (_next, 0);
            _windowCount = file.Read(_next, _window.AsSpan(0, (int)Math.Min(Math.Max(size, windowBytes), end - _next)));
        }
        return _window.AsSpan((int)at, Math.Min(size, _windowCount - (int)at));
    }
}
