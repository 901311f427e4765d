using System.Buffers;

namespace Microcosm.Http;

/// <summary>Bytes that wait, in one pooled array; none while there are no bytes. A struct that changes: it stays in the field it was made
/// in.</summary>
internal struct ByteQueue
{
    private const int BytesMin = 1024;

    private byte[]? _bytes;
    private int _start;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, Length);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        if (_bytes is null || _bytes.Length - _start - Length < bytes.Length)
            MakeRoom(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_start + Length));
        Length += bytes.Length;
    }

    public void Take(int count)
    {
        (_start, Length) = (_start + count, Length - count);
        if (Length == 0)
            Clear();
    }

    public void Clear()
    {
        if (_bytes is not null)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, Length) = (null, 0, 0);
    }

    private void MakeRoom(int wanted)
    {
        var before = _bytes;
        var target = before is not null && before.Length >= Length + wanted && _start >= Length ? before
            : ArrayPool<byte>.Shared.Rent(Math.Max(BytesMin, (int)Math.Min((long)Length * 2 + wanted, Array.MaxLength)));
        Bytes.CopyTo(target);
        if (before is not null && before != target)
            ArrayPool<byte>.Shared.Return(before);
        (_bytes, _start) = (target, 0);
    }
}
