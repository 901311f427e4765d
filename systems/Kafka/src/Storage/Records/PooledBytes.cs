using System.Buffers;

namespace Microcosm.Kafka;

/// <summary>A buffer that grows up to a limit, from the shared pool. Over the limit it throws <see cref="CorruptRecordException"/>: what
/// unpacks to more than that was made to harm.</summary>
internal sealed class PooledBytes(int capacity, int bytesMax) : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Min(capacity, bytesMax));
    private int _count;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _count);

    public void Advance(int count)
    {
        _count += count;
        if (_count > bytesMax)
            throw Excess();
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_count);
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Reserve(int size)
    {
        size = Math.Max(size, 1);
        if (_bytes.Length - _count >= size)
            return;
        if (_count >= bytesMax)
            throw Excess();
        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max((long)_bytes.Length * 2, (long)_count + size), Array.MaxLength));
        Span.CopyTo(grown);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = grown;
    }

    private CorruptRecordException Excess() => new($"a batch unpacks to more than {bytesMax} bytes");
}
